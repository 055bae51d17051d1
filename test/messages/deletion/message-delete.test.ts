import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import {
  accepted,
  given as givenOn,
  type Channel,
  type Customer,
  type Message,
  type TestClient,
} from '../../support/given.js';
import { expectInvalid, expectMissing } from '../../support/refused.js';
import { useServer } from '../../support/server.js';
import { age, sql } from '../../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

const remove = (acme: TestClient, { id }: Message, query = 'mode=all_participants') =>
  acme.send('DELETE', `/api/v1/messages/${id}?${query}`);
const hide = (acme: TestClient, message: Message, { id }: Customer) =>
  remove(acme, message, `mode=my_devices&customer_uuid=${id}`);
const listIn = async (acme: TestClient, { id }: Channel, query = '') =>
  (await acme.send('GET', `/api/v1/messages/channel/${id}${query}`)).body;
const unreadOf = async (acme: TestClient, { id }: Customer): Promise<number> =>
  (await acme.send('GET', `/api/v1/channels/customer/${id}`)).body.data[0].unread_count;

describe('GET /messages/{id}', () => {
  it('answers the message, by either form of its id', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    for (const id of [message.id, parseId('message', message.id)]) {
      const { status, body } = await acme.send('GET', `/api/v1/messages/${id}`);
      expect({ status, body }).toEqual({ status: 200, body: message });
    }
  });

  it('answers 404 for whatever names no message of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(other);
    const foreign = await given.message(other, channel, john);
    for (const id of [foreign.id, formatId('message', randomUUID()), john.id, 'nonsense', '%00']) {
      expectMissing(await acme.send('GET', `/api/v1/messages/${id}`), 'Message not found');
    }
  });
});

describe('DELETE /messages/{id}?mode=all_participants', () => {
  it('takes the message from every list and count', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const first = await given.message(acme, channel, john, 'First');
    const second = await given.message(acme, channel, john, 'Second');
    const reply = await remove(acme, second);
    expect([reply.status, reply.text]).toEqual([204, '']);

    expect(await listIn(acme, channel)).toMatchObject({ data: [first], total_count: 1 });
    const [email1, email2] = [encodeURIComponent(john.email!), encodeURIComponent(jane.email!)];
    for (const path of [`customer/${john.id}`, `between?email1=${email1}&email2=${email2}`]) {
      expect((await acme.send('GET', `/api/v1/messages/${path}`)).body).toMatchObject({
        data: [first],
        has_more: false,
        total_count: 1,
      });
    }
    const [inbox] = (await acme.send('GET', `/api/v1/channels/customer/${jane.id}`)).body.data;
    expect(inbox).toMatchObject({ unread_count: 1, last_message: first });
    for (const path of [second.id, `${second.id}/receipts`]) {
      expectMissing(await acme.send('GET', `/api/v1/messages/${path}`), 'Message not found');
    }
    expectMissing(await remove(acme, second), 'Message not found');
    expectMissing(await hide(acme, second, jane), 'Message not found');
    await expectExactRows(acme.uuid);
  });

  it('keeps nothing of it but its place, after which a page can still start', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const said = [await given.message(acme, channel, john, 'A secret')];
    for (let at = 0; at < 3; at += 1) {
      said.push(await given.message(acme, channel, john));
    }
    accepted(await remove(acme, said[0]!));
    accepted(await remove(acme, said[2]!));
    const rows = await sql('SELECT content, metadata FROM messages WHERE client_id = $1 ORDER BY position', acme.uuid);
    expect(rows.map(({ content }) => content)).toEqual(['', 'Hello', '', 'Hello']);
    expect((await listIn(acme, channel, `?starting_after=${said[0]!.id}`)).data).toEqual([said[1], said[3]]);
    expect((await listIn(acme, channel, `?starting_after=${said[2]!.id}`)).data).toEqual([said[3]]);
    const bySender = await acme.send('GET', `/api/v1/messages/customer/${john.id}?starting_after=${said[2]!.id}`);
    expect(bySender.body).toMatchObject({ data: [said[1]], total_count: 2 });
    // The next one takes the next place.
    await given.message(acme, channel, john);
    const [{ newest }] = (await sql(
      'SELECT max(position) AS newest FROM messages WHERE client_id = $1',
      acme.uuid,
    )) as [{ newest: number }];
    expect(newest).toBe(5);
  });

  it('counts down what was read and what was not', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const read = await given.message(acme, channel, john);
    accepted(await acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: jane.id }));
    const unread = await given.message(acme, channel, john);
    const hidden = await given.message(acme, channel, john);
    accepted(await hide(acme, hidden, jane));
    for (const [message, left] of [
      [read, 1],
      [hidden, 1],
      [unread, 0],
    ] as const) {
      accepted(await remove(acme, message));
      expect(await unreadOf(acme, jane)).toBe(left);
      await expectExactRows(acme.uuid);
    }
  });

  it('brings the moments of the last message back to the one that stays', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const first = await given.message(acme, channel, john);
    await age(channel, 100);
    const second = await given.message(acme, channel, john);
    const active = async () => (await acme.send('GET', '/api/v1/customers/active')).body;
    const updatedAt = async (): Promise<number> => {
      const path = `/api/v1/channels/by-email?email=${encodeURIComponent(jane.email!)}`;
      return (await acme.send('GET', path)).body.data.conversations[0].latest_message_at;
    };
    accepted(await remove(acme, second));
    expect(await updatedAt()).toBe(first.created - 100);
    expect(await active()).toMatchObject({ data: [{ latest_message_at: first.created - 100 }], total_count: 1 });
    accepted(await remove(acme, first));
    expect(await updatedAt()).toBe(channel.created - 100);
    expect(await active()).toMatchObject({ data: [], total_count: 0 });
    await given.message(acme, channel, john);
    expect(await active()).toMatchObject({ total_count: 1 });
    await expectExactRows(acme.uuid);
  });

  it('takes what somebody sent who is gone', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const [left, erased] = [await given.message(acme, channel, john), await given.message(acme, channel, jane)];
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${john.id}`));
    accepted(await acme.send('DELETE', `/api/v1/customers/${jane.id}`));
    for (const message of [left, erased]) {
      expect((await remove(acme, message)).status).toBe(204);
      await expectExactRows(acme.uuid);
    }
  });
});

describe('DELETE /messages/{id}?mode=my_devices', () => {
  it('hides the message from that customer only, once', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    for (let times = 0; times < 2; times += 1) {
      const reply = await hide(acme, message, jane);
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect(await unreadOf(acme, jane)).toBe(0);
      await expectExactRows(acme.uuid);
    }
    // The client itself sees it as before.
    expect(await listIn(acme, channel)).toMatchObject({ data: [message], total_count: 1 });
    const [inbox] = (await acme.send('GET', `/api/v1/channels/customer/${jane.id}`)).body.data;
    expect(inbox.last_message).toEqual(message);
  });

  it('counts a message once that is hidden and read, in either order, and one’s own never', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const [first, second] = [await given.message(acme, channel, john), await given.message(acme, channel, john)];
    const own = await given.message(acme, channel, jane);
    const read = (upTo: Message) =>
      acme.send('POST', `/api/v1/channels/${channel.id}/read`, { customer_uuid: jane.id, message_uuid: upTo.id });
    accepted(await read(first));
    for (const message of [first, own, second]) {
      accepted(await hide(acme, message, jane));
    }
    expect(await unreadOf(acme, jane)).toBe(0);
    accepted(await read(own));
    await given.message(acme, channel, john);
    expect(await unreadOf(acme, jane)).toBe(1);
    await expectExactRows(acme.uuid);
  });

  it('refuses who is not in the channel', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    for (const stranger of [await given.customer(acme), await given.customer(other)]) {
      const text = 'Customer is not a participant in this channel.';
      expectInvalid(await hide(acme, message, stranger), 'customer_uuid', text);
    }
    expect(await sql('SELECT FROM hidden_messages WHERE client_id = $1', acme.uuid)).toEqual([]);
  });
});

describe('DELETE /messages/{id}', () => {
  it('answers 404 for whatever names no message of the caller, in both modes', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const foreign = await given.pair(other);
    const message = await given.message(other, foreign.channel, foreign.john);
    const { john } = await given.pair(acme);
    for (const id of [message.id, formatId('message', randomUUID()), 'nonsense']) {
      for (const query of ['mode=all_participants', `mode=my_devices&customer_uuid=${john.id}`]) {
        expectMissing(await acme.send('DELETE', `/api/v1/messages/${id}?${query}`), 'Message not found');
      }
    }
    expect((await other.send('GET', `/api/v1/messages/${message.id}`)).body).toEqual(message);
  });

  it.each([
    ['', 'mode'],
    ['mode=', 'mode'],
    ['mode=everybody', 'mode'],
    ['mode=my_devices', 'customer_uuid'],
    ['mode=my_devices&customer_uuid=nonsense', 'customer_uuid'],
    ['mode=all_participants&customer_uuid=00000000-0000-4000-8000-000000000000', 'customer_uuid'],
    ['mode=all_participants&force=1', 'force'],
  ])('refuses "%s"', async (query, field) => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    const message = await given.message(acme, channel, john);
    expectInvalid(await remove(acme, message, query), field);
    expect((await acme.send('GET', `/api/v1/messages/${message.id}`)).status).toBe(200);
  });
});
