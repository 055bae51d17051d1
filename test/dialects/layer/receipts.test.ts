import { describe, expect, it } from '@jest/globals';
import type { LayerSession } from '../../support/layer.js';
import {
  ACCESS_DENIED,
  at,
  conversationOf,
  expectLacking,
  expectLayerError,
  expectWrong,
  leave,
  NOT_FOUND,
  NOTHING,
  read,
  say,
  strangerOn,
  talkingOn,
  type Wire,
} from '../../support/layer-talk.js';
import { useServer } from '../../support/server.js';
import { accepted } from '../../support/given.js';

const server = useServer();
const talking = () => talkingOn(() => server);

const mark = (by: LayerSession, message: Wire, type: unknown) => by.send('POST', `${at(message)}/receipts`, { type });
const markAll = (by: LayerSession, conversation: Wire, body: object) =>
  by.send('POST', `${at(conversation)}/mark_all_read`, body);
const unread = async (by: LayerSession, conversation: Wire): Promise<number> =>
  (await read(by, at(conversation))).unread_message_count;

describe('POST /messages/:id/receipts', () => {
  it('tells how far a message has come; delivered after it is read says nothing', async () => {
    const { app, john, jane } = await talking();
    const eve = await app.session('eve');
    const conversation = await conversationOf(john, jane, eve);
    const message = await say(john, conversation);
    const status = async () => (await read(john, at(message))).recipient_status;
    const [me, her, other] = [john, jane, eve].map(({ identity }) => identity) as [string, string, string];
    expect(await status()).toEqual({ [me]: 'read', [her]: 'sent', [other]: 'sent' });
    for (const [type, expected, isUnread] of [
      ['delivery', 'delivered', true],
      ['read', 'read', false],
      ['delivery', 'read', false],
    ] as const) {
      const answer = await mark(jane, message, type);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(await status()).toEqual({ [me]: 'read', [her]: expected, [other]: 'sent' });
      expect((await read(jane, at(message))).is_unread).toBe(isUnread);
      expect(await unread(jane, conversation)).toBe(isUnread ? 1 : 0);
    }
    expect(await unread(eve, conversation)).toBe(1);
  });

  it('marks what was said before as well, and nothing after', async () => {
    const { john, jane, conversation } = await talking();
    const said = [await say(john, conversation), await say(john, conversation), await say(john, conversation)];
    expect((await mark(jane, said[1], 'read')).status).toBe(204);
    const seen = await read(jane, `${at(conversation)}/messages`);
    expect(seen.map((one: Wire) => one.is_unread)).toEqual([true, false, false]);
    expect((await mark(jane, said[0], 'read')).status).toBe(204);
    expect(await unread(jane, conversation)).toBe(1);
  });

  it('does not tell of those who came later', async () => {
    const { app, john, jane, conversation } = await talking();
    const before = await say(john, conversation);
    const eve = await app.session('eve');
    const patch = [{ operation: 'add', property: 'participants', value: 'eve' }];
    expect((await john.send('PATCH', at(conversation), patch)).status).toBe(204);
    const after = await say(john, conversation);
    const [first, second] = [await read(eve, at(before)), await read(eve, at(after))];
    expect([Object.keys(first.recipient_status).sort(), first.is_unread]).toEqual([
      [jane.identity, john.identity].sort(),
      false,
    ]);
    expect([second.recipient_status[eve.identity], second.is_unread]).toEqual(['sent', true]);
    expect(await unread(eve, conversation)).toBe(1);
  });

  it('is for participants, of what there is', async () => {
    const { app, john, jane, conversation } = await talking();
    const message = await say(jane, conversation);
    expectLacking(await mark(john, message, undefined), 'type');
    expectWrong(await mark(john, message, 'delivered'), 'type');
    await leave(john, conversation);
    expectLayerError(await mark(john, message, 'read'), ACCESS_DENIED);
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await mark(stranger, message, 'read'), NOT_FOUND);
    }
    for (const id of NOTHING) {
      expectLayerError(await jane.send('POST', `/messages/${id}/receipts`, { type: 'read' }), NOT_FOUND);
    }
  });
});

describe('POST /conversations/:id/mark_all_read', () => {
  it('marks up to a position, or all; never back, and never ahead', async () => {
    const { john, jane, conversation } = await talking();
    for (const body of [{ position: 5 }, {}]) {
      const answer = await markAll(jane, conversation, body);
      expect([answer.status, answer.text]).toEqual([202, '']);
    }
    const said = [await say(john, conversation), await say(john, conversation), await say(john, conversation)];
    const at2 = said[1].position;
    for (const [body, left] of [
      [{ position: 0 }, 3],
      [{ position: at2 }, 1],
      [{ position: 1 }, 1],
      [{ position: 2_147_483_647 }, 0],
    ] as const) {
      expect((await markAll(jane, conversation, body)).status).toBe(202);
      expect(await unread(jane, conversation)).toBe(left);
    }
    const last = await say(john, conversation);
    expect((await read(jane, at(last))).is_unread).toBe(true);
    expect((await markAll(jane, conversation, { position: null })).status).toBe(202);
    expect(await unread(jane, conversation)).toBe(0);
    expect((await read(john, at(last))).recipient_status[jane.identity]).toBe('read');
  });

  it('goes by what is left, where the one at the position is deleted', async () => {
    const { john, jane, conversation } = await talking();
    const said = [await say(john, conversation), await say(john, conversation), await say(john, conversation)];
    accepted(await john.send('DELETE', `${at(said[1])}?mode=all_participants`));
    expect((await markAll(jane, conversation, { position: said[1].position })).status).toBe(202);
    expect(await unread(jane, conversation)).toBe(1);
  });

  it('is for participants, and takes a position only', async () => {
    const { app, john, conversation } = await talking();
    for (const position of [-1, 1.5, '1', true, 2_147_483_648, 1e300]) {
      expectWrong(await markAll(john, conversation, { position }), 'position');
    }
    await leave(john, conversation);
    expectLayerError(await markAll(john, conversation, { position: 1 }), ACCESS_DENIED);
    for (const stranger of [await app.session('eve'), await strangerOn(() => server)]) {
      expectLayerError(await markAll(stranger, conversation, { position: 1 }), NOT_FOUND);
    }
  });
});
