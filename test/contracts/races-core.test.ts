import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../support/exact.js';
import { given as givenOn, type Customer, type Message, type Reply, type TestClient } from '../support/given.js';
import { atOnce, expectNoFaults, listen, pick, startRacedServer, together } from '../support/races.js';
import { sql } from '../support/sql.js';
import { useServer } from '../support/server.js';

const server = useServer(startRacedServer);
const given = givenOn(() => server);

/** A tenant that is listened to. */
async function listened(): Promise<TestClient> {
  const acme = await given.client();
  await listen(acme);
  return acme;
}

describe('All at once', () => {
  it('readers, senders and deleters of one channel', async () => {
    const acme = await listened();
    const people = await atOnce(5, () => given.customer(acme));
    const channel = await given.channel(acme, people);
    const first: Message[] = [];
    for (let at = 0; at < 40; at += 1) {
      first.push(await given.message(acme, channel, pick(people, at)));
    }
    const replies = await together(240, (at) => {
      const person = pick(people, at);
      const message = pick(first, at * 7);
      const marked = { customer_uuid: person.id, ...(at % 3 === 0 ? {} : { message_uuid: message.id }) };
      switch (at % 6) {
        case 0: {
          const body = { channel_uuid: channel.id, sender_uuid: person.id, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages', body);
        }
        case 1:
          return acme.send('DELETE', `/api/v1/messages/${message.id}?mode=all_participants`);
        case 2:
          return acme.send('DELETE', `/api/v1/messages/${message.id}?mode=my_devices&customer_uuid=${person.id}`);
        case 3:
          return acme.send('POST', `/api/v1/channels/${channel.id}/delivered`, marked);
        default:
          return acme.send('POST', `/api/v1/channels/${channel.id}/read`, marked, {
            'idempotency-key': randomUUID(),
          });
      }
    });
    expectNoFaults(replies, 200, 201, 204, 404);
    await expectExactRows(acme.uuid);
    const deleted = await sql('SELECT id FROM messages WHERE client_id = $1 AND deleted_at IS NOT NULL', acme.uuid);
    const ends = replies.filter((reply, at) => at % 6 === 1 && reply.status === 204);
    expect(ends).toHaveLength(deleted.length);
  });

  it('one message is deleted for all once, however often it is asked for', async () => {
    const acme = await listened();
    const { john, jane, channel } = await given.pair(acme);
    const { id } = await given.message(acme, channel, john);
    const replies = await atOnce(30, (at) =>
      acme.send(
        'DELETE',
        at % 2
          ? `/api/v1/messages/${id}?mode=all_participants`
          : `/api/v1/messages/${id}?mode=my_devices&customer_uuid=${pick([john, jane], at / 2).id}`,
      ),
    );
    expect(replies.filter(({ status }, at) => at % 2 && status === 204)).toHaveLength(1);
    await expectExactRows(acme.uuid);
  });

  it('people come, go, write and delete, and channels are renamed into one another', async () => {
    const acme = await listened();
    const people = await atOnce(6, () => given.customer(acme));
    const channels = await atOnce(3, (at) => given.channel(acme, people.slice(0, 3), `Number ${at}`));
    const said = await atOnce(30, (at) => given.message(acme, pick(channels, at), pick(people.slice(0, 3), at)));
    const replies = await together(240, (at) => {
      const channel = pick(channels, Math.floor(at / 7));
      const person = pick(people, at);
      const path = `/api/v1/channels/${channel.id}`;
      switch (at % 7) {
        case 0:
          return acme.send('POST', `${path}/customers`, { customer_uuids: [person.id, pick(people, at + 1).id] });
        case 1:
          return acme.send('DELETE', `${path}/customers/${person.id}`);
        case 2:
          return acme.send('PATCH', path, { name: `Number ${at % 4}` });
        case 3: {
          const customer_uuids = [person.id, pick(people, at + 1).id];
          return acme.send('POST', '/api/v1/channels', { type: 'custom', name: `Number ${at % 4}`, customer_uuids });
        }
        case 4:
          return acme.send('DELETE', `/api/v1/messages/${pick(said, at).id}?mode=all_participants`);
        case 5:
          return acme.send('POST', `${path}/read`, { customer_uuid: person.id });
        default: {
          const body = { channel_uuid: channel.id, sender_uuid: person.id, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages', body);
        }
      }
    });
    expectNoFaults(replies, 200, 201, 204, 404, 422);
    await expectExactRows(acme.uuid);
    await expectNobodyTwice(acme);
  });

  it('channels of one set swap their names, and are asked for by them', async () => {
    const acme = await listened();
    const people = await atOnce(2, () => given.customer(acme));
    const customer_uuids = people.map(({ id }) => id);
    const channels = await atOnce(5, (at) => given.channel(acme, people, `Number ${at}`));
    const replies = await together(200, (at) => {
      const name = `Number ${(at * 7) % 5}`;
      return at % 4 === 0
        ? acme.send('POST', '/api/v1/channels', { type: 'custom', name, customer_uuids })
        : acme.send('PATCH', `/api/v1/channels/${pick(channels, at).id}`, { name });
    });
    expectNoFaults(replies, 200, 201);
    await expectExactRows(acme.uuid);
    await expectNobodyTwice(acme);
  });

  it('somebody keeps joining and writing while messages are deleted', async () => {
    const acme = await listened();
    const people = await atOnce(6, () => given.customer(acme));
    const channel = await given.channel(acme, people.slice(0, 2));
    const said = await atOnce(60, (at) => given.message(acme, channel, pick(people.slice(0, 2), at)));
    const path = `/api/v1/channels/${channel.id}`;
    const body = { channel_uuid: channel.id, type: 'text', content: 'Hello' };
    const comers = people.slice(2).map(async ({ id }) => {
      const replies: Reply[] = [];
      for (let times = 0; times < 15; times += 1) {
        replies.push(await acme.send('POST', `${path}/customers`, { customer_uuids: [id] }));
        const writing = [1, 2].map(() => acme.send('POST', '/api/v1/messages', { ...body, sender_uuid: id }));
        replies.push(...(await Promise.all(writing)));
        replies.push(await acme.send('POST', `${path}/read`, { customer_uuid: id }));
        replies.push(await acme.send('DELETE', `${path}/customers/${id}`));
      }
      return replies;
    });
    const deleters = [0, 1, 2].map(async (first) => {
      const replies: Reply[] = [];
      for (let at = first; at < said.length; at += 3) {
        replies.push(await acme.send('DELETE', `/api/v1/messages/${said[at]!.id}?mode=all_participants`));
      }
      return replies;
    });
    expectNoFaults((await Promise.all([...comers, ...deleters])).flat(), 200, 201, 204);
    await expectExactRows(acme.uuid);
  });

  it('people are erased while they write, join, are written to and are read', async () => {
    const acme = await listened();
    const people = await atOnce(8, () => given.customer(acme));
    const channels = await atOnce(4, (at) => given.channel(acme, people, `Number ${at}`));
    const said = await atOnce(40, (at) => given.message(acme, pick(channels, at), pick(people, at)));
    const doomed = people.slice(0, 5);
    const replies = await together(240, (at) => {
      const person = pick(people, at);
      const channel = pick(channels, Math.floor(at / 8));
      const path = `/api/v1/channels/${channel.id}`;
      switch (at % 8) {
        case 0:
          return acme.send('DELETE', `/api/v1/customers/${pick(doomed, at / 8).id}`);
        case 1: {
          const [from, to]: [Customer, Customer] = [person, pick(people, at + 3)];
          const body = { sender_email: from.email, recipient_email: to.email, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages/send-to-customer', body, { 'idempotency-key': randomUUID() });
        }
        case 2:
          return acme.send('DELETE', `/api/v1/messages/${pick(said, at).id}?mode=all_participants`);
        case 3:
          return acme.send('POST', `${path}/customers`, { customer_uuids: [person.id] });
        case 4:
          return acme.send('POST', `${path}/read`, { customer_uuid: person.id });
        case 5:
          return acme.send('PATCH', `/api/v1/customers/${person.id}`, { name: `Number ${at}` });
        case 6: {
          const customer_uuids = [person.id, pick(people, at + 5).id];
          return acme.send('POST', '/api/v1/channels', { type: 'general', customer_uuids });
        }
        default: {
          const body = { channel_uuid: channel.id, sender_uuid: person.id, type: 'text', content: 'Hello' };
          return acme.send('POST', '/api/v1/messages', body);
        }
      }
    });
    expectNoFaults(replies, 200, 201, 204, 404, 422);
    expect(replies.filter(({ status }, at) => at % 8 === 0 && status === 204)).toHaveLength(doomed.length);
    await expectExactRows(acme.uuid);
    expect((await acme.send('GET', '/api/v1/customers')).body.total_count).toBe(3);
  });
});

/** Every custom channel can be asked for by its name and set, or another of the same name and set can. */
async function expectNobodyTwice(acme: TestClient): Promise<void> {
  const rows = await sql<{ id: string; key: boolean; same: number }>(
    `WITH named AS (
       SELECT channel.id, channel.reuse_key, sha256(convert_to('custom:' || coalesce(string_agg(
                member.customer_id::text, ',' ORDER BY member.customer_id), '') || ':' || channel.name, 'UTF8')) AS own
       FROM channels channel
       LEFT JOIN channel_members member ON member.client_id = channel.client_id AND member.channel_id = channel.id
       WHERE channel.client_id = $1 AND channel.type = 'custom'
       GROUP BY channel.client_id, channel.id
     )
     SELECT id, reuse_key = own AS key,
            (SELECT count(*)::int FROM named other WHERE other.reuse_key = named.reuse_key) AS same
     FROM named WHERE reuse_key <> sha256(convert_to('channel:' || id, 'UTF8'))`,
    acme.uuid,
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ key, same }) => !key || same !== 1)).toEqual([]);
}
