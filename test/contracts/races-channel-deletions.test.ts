import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '../../src/platform/common/errors/refusal.js';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import type { ChannelDeletionsService } from '../../src/messages/deletion/channel-deletions.service.js';
import { expectExactRows } from '../support/exact.js';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../support/given.js';
import { atOnce, expectNoFaults, listen, pick, startRacedServer, together } from '../support/races.js';
import { sql } from '../support/sql.js';
import { isA, useServer } from '../support/server.js';

const server = useServer(startRacedServer);
const given = givenOn(() => server);

const tenantOf = ({ uuid }: TestClient) => ({ clientId: uuid, livemode: false });
const deletions = () => server.get<ChannelDeletionsService>('ChannelDeletionsService');
const deleteForAll = (acme: TestClient, { id }: Channel) =>
  deletions().deleteForAll(tenantOf(acme), parseId('channel', id)!);
const clear = (acme: TestClient, { id }: Channel, who: Customer) =>
  deletions().clear(tenantOf(acme), parseId('channel', id)!, parseId('customer', who.id)!);
const messageIn = (channel: Channel, sender: Customer) => ({
  ...{ channel_uuid: channel.id, sender_uuid: sender.id, type: 'text', content: 'Hello' },
});
const unreadOf = async (acme: TestClient, { id }: Customer): Promise<number[]> =>
  (await acme.send('GET', `/api/v1/channels/customer/${id}`)).body.data.map(
    (one: { unread_count: number }) => one.unread_count,
  );
/** As an answer of the API, to be counted with those. */
const asReply = (work: Promise<unknown>) =>
  work.then(
    () => ({ status: 204, text: '' }),
    (error: Error) => ({ status: isA<Refusal>(error, 'Refusal') ? 404 : 500, text: String(error) }),
  );

describe('All at once', () => {
  it('members write, read, hide and clear, while messages are deleted', async () => {
    const acme = await given.client();
    await listen(acme);
    const people = await atOnce(5, () => given.customer(acme));
    const channel = await given.channel(acme, people);
    const said = await atOnce(40, (at) => given.message(acme, channel, pick(people, at)));
    const replies = await together(240, (at) => {
      const [person, message] = [pick(people, at), pick(said, at * 7)];
      switch (at % 6) {
        case 0:
          return asReply(clear(acme, channel, person));
        case 1:
          return acme.send('DELETE', `/api/v1/messages/${message.id}?mode=all_participants`);
        case 2:
          return acme.send('DELETE', `/api/v1/messages/${message.id}?mode=my_devices&customer_uuid=${person.id}`);
        case 3:
          return acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: person.id });
        default:
          return acme.send('POST', '/api/v1/messages', messageIn(channel, person));
      }
    });
    expectNoFaults(replies, 200, 201, 204, 404);
    await expectExactRows(acme.uuid);
    await Promise.all(people.map((one) => clear(acme, channel, one)));
    await expectExactRows(acme.uuid);
    for (const one of people) {
      expect(await unreadOf(acme, one)).toEqual([0]);
    }
  });

  it('channels are deleted while they are made, written to, read, joined, left and cleared, and people are erased', async () => {
    const acme = await given.client();
    await listen(acme);
    const people = await atOnce(8, () => given.customer(acme));
    const make = (at: number) => given.channel(acme, people.slice(0, 4), `Number ${at}`);
    const channels = await atOnce(6, make);
    const said = await atOnce(60, (at) => given.message(acme, pick(channels, at), pick(people.slice(0, 4), at)));
    const doomed = people.slice(5);
    const replies = await together(400, async (at) => {
      const person = pick(people, at);
      const channel = pick(channels, at / 3);
      const path = `/api/v1/channels/${channel.id}`;
      switch (at % 10) {
        case 0: {
          const end = await asReply(deleteForAll(acme, channel));
          const next = await make(at);
          channels.forEach((one, place) => one === channel && (channels[place] = next));
          return end;
        }
        case 1:
          return acme.send('POST', `${path}/customers`, { customer_uuids: [person.id, pick(people, at + 1).id] });
        case 2:
          return acme.send('DELETE', `${path}/customers/${person.id}`);
        case 3:
          return asReply(clear(acme, channel, pick(people.slice(0, 4), at)));
        case 4: {
          const [from, to] = [person, pick(people, at + 3)];
          const body = { sender_email: from.email, recipient_email: to.email, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages/send-to-customer', body, { 'idempotency-key': randomUUID() });
        }
        case 5:
          return acme.send('DELETE', `/api/v1/messages/${pick(said, at).id}?mode=all_participants`);
        case 6:
          return acme.send('POST', `${path}/read`, { customer_uuid: pick(people.slice(0, 4), at).id });
        case 7:
          return at % 50 === 7
            ? acme.send('DELETE', `/api/v1/customers/${pick(doomed, at / 50).id}`)
            : acme.send('PATCH', path, { name: `Number ${at % 3}` });
        default:
          return acme.send('POST', '/api/v1/messages', messageIn(channel, pick(people.slice(0, 4), at)));
      }
    });
    expectNoFaults(replies, 200, 201, 204, 404, 422);
    await expectExactRows(acme.uuid);
    const generals = await sql<{ id: string }>(
      `SELECT id FROM channels WHERE client_id = $1 AND type = 'general' ORDER BY id`,
      acme.uuid,
    );
    await Promise.all(generals.map(({ id }) => deletions().deleteForAll(tenantOf(acme), id)));
    await expectExactRows(acme.uuid);
  });

  it('one channel that is deleted twenty times counts once, with all that is said meanwhile', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const kept = await given.channel(acme, [john, jane], 'Kept');
    const replies = await together(80, (at) =>
      at % 4 === 3 && at > 20
        ? asReply(deleteForAll(acme, channel))
        : acme.send('POST', '/api/v1/messages', messageIn(at % 4 === 0 ? kept : channel, pick([john, jane], at))),
    );
    const ends = replies.map(({ status }) => status);
    expect(ends.filter((status) => status === 204)).toHaveLength(1);
    expect(ends.filter((status) => ![201, 204, 404, 422].includes(status))).toEqual([]);
    await expectExactRows(acme.uuid);
    expect((await acme.send('GET', '/api/v1/channels')).body.data).toEqual([kept]);
  });
});
