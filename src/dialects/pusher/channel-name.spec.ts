import { describe, expect, it } from '@jest/globals';
import { formatId } from '../../platform/common/ids/type-id.js';
import { channelRoom, customerRoom, parseChannelName, presenceRooms } from './channel-name.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const [CH, CUS] = [formatId('channel', ID), formatId('customer', ID)];

describe('A channel name', () => {
  it.each([
    [`private-channel.${CH}`, 'channel', ID],
    [`presence-channel.${CH}`, 'presence', ID],
    [`presence-presence.channel.${CH}`, 'presence', ID],
    [`private-customer.${CUS}`, 'customer', ID],
    ['private-client', 'client', null],
    ['private-inbox', 'inbox', null],
  ])('%s is read', (text, kind, id) => {
    expect(parseChannelName(text)).toEqual({ kind, text, id });
  });

  it.each([
    '',
    'private-',
    'private-client2',
    'private-client.',
    `channel.${CH}`,
    `private-channel.${CUS}`,
    `private-channel.${ID}`,
    `private-channel.${CH} `,
    `private-channel.${CH.toUpperCase()}`,
    `presence-customer.${CUS}`,
    `private-encrypted-channel.${CH}`,
    '__proto__',
  ])('“%s” is none', (text) => {
    expect(parseChannelName(text)).toBeNull();
  });

  it('is written as it is read', () => {
    const written = [channelRoom(ID), customerRoom(ID), ...presenceRooms(ID)];
    expect(written.map((text) => parseChannelName(text)?.text)).toEqual(written);
  });
});
