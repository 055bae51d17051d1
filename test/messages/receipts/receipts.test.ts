import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from '../../../src/platform/common/ids/type-id.js';
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

const KINDS = ['read', 'delivered'] as const;
const mark = (acme: TestClient, kind: (typeof KINDS)[number], channel: Channel, who: Customer, upTo?: Message) =>
  acme.send('POST', `/api/v1/channels/${channel.id}/${kind}`, { customer_uuid: who.id, message_uuid: upTo?.id });
const receiptsOf = async (acme: TestClient, { id }: Message) =>
  (await acme.send('GET', `/api/v1/messages/${id}/receipts`)).body;
const now = () => Math.floor(performance.timeOrigin / 1000 + performance.now() / 1000);

/** Three messages by John, in a channel with Jane. */
async function talk(acme: TestClient) {
  const pair = await given.pair(acme);
  const said: Message[] = [];
  for (let at = 0; at < 3; at += 1) {
    said.push(await given.message(acme, pair.channel, pair.john));
  }
  return { ...pair, said: said as [Message, Message, Message] };
}

describe.each(KINDS)('POST /channels/{id}/%s', (kind) => {
  const unreadAfter = (marked: number): number => (kind === 'read' ? 3 - marked : 3);

  it('marks up to a message, or to the last', async () => {
    const acme = await given.client();
    const { jane, channel, said } = await talk(acme);
    const receipt = { object: 'receipt', customer_id: jane.id, channel_id: channel.id };
    const second = await mark(acme, kind, channel, jane, said[1]);
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ ...receipt, position: 2, unread_count: unreadAfter(2) });
    const last = await mark(acme, kind, channel, jane);
    expect(last.body).toEqual({ ...receipt, position: 3, unread_count: unreadAfter(3) });
  });

  it('never goes back', async () => {
    const acme = await given.client();
    const { jane, channel, said } = await talk(acme);
    const first = await mark(acme, kind, channel, jane, said[2]);
    for (const upTo of [said[0], said[2], undefined]) {
      const again = await mark(acme, kind, channel, jane, upTo);
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    }
    const rows = await sql('SELECT kind, position FROM receipts WHERE client_id = $1', acme.uuid);
    expect(rows).toEqual([{ kind, position: 3 }]);
  });

  it('marks nothing where nothing was said', async () => {
    const acme = await given.client();
    const { jane, channel } = await given.pair(acme);
    expect((await mark(acme, kind, channel, jane)).body).toMatchObject({ position: 0, unread_count: 0 });
  });

  it('takes bare UUIDs, and a message that was deleted meanwhile', async () => {
    const acme = await given.client();
    const { jane, channel, said } = await talk(acme);
    accepted(await acme.send('DELETE', `/api/v1/messages/${said[1].id}?mode=all_participants`));
    const reply = await acme.send('POST', `/api/v1/channels/${parseId('channel', channel.id)}/${kind}`, {
      customer_uuid: parseId('customer', jane.id),
      message_uuid: parseId('message', said[1].id),
    });
    expect(reply.body).toMatchObject({ customer_id: jane.id, position: 2, unread_count: kind === 'read' ? 1 : 2 });
  });

  it('refuses a message that is not in the channel, and never says whose it is', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { john, jane, channel } = await talk(acme);
    const elsewhere = await given.message(acme, await given.channel(acme, [john, jane], 'Elsewhere'), john);
    const foreign = (await talk(other)).said[0];
    for (const message_uuid of [elsewhere.id, foreign.id, formatId('message', randomUUID()), randomUUID()]) {
      const reply = await acme.send('POST', `/api/v1/channels/${channel.id}/${kind}`, {
        customer_uuid: jane.id,
        message_uuid,
      });
      expectInvalid(reply, 'message_uuid', 'Message does not exist in this channel.');
    }
    expect(await sql('SELECT FROM receipts WHERE client_id = $1', acme.uuid)).toEqual([]);
  });

  it('refuses who is not in the channel', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { channel } = await talk(acme);
    const strangers = [(await given.customer(acme)).id, (await given.customer(other)).id, randomUUID()];
    for (const customer_uuid of strangers) {
      const reply = await acme.send('POST', `/api/v1/channels/${channel.id}/${kind}`, { customer_uuid });
      expectInvalid(reply, 'customer_uuid', 'Customer is not a participant in this channel.');
    }
  });

  it('answers 404 for a channel that is unknown or of another tenant', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { jane } = await talk(acme);
    const { channel } = await talk(other);
    for (const id of [channel.id, formatId('channel', randomUUID()), 'nonsense']) {
      const reply = await acme.send('POST', `/api/v1/channels/${id}/${kind}`, { customer_uuid: jane.id });
      expectMissing(reply, 'Channel not found');
    }
  });

  it.each([
    ['customer_uuid', undefined],
    ['customer_uuid', 'msg_x'],
    ['message_uuid', 'nonsense'],
    ['position', 3],
  ])('refuses %s %j', async (field, value) => {
    const acme = await given.client();
    const { jane, channel } = await given.pair(acme);
    const body = { customer_uuid: jane.id, [field]: value };
    expectInvalid(await acme.send('POST', `/api/v1/channels/${channel.id}/${kind}`, body), field);
  });

  it('happens once under one Idempotency-Key', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await talk(acme);
    const key = { 'idempotency-key': randomUUID() };
    const path = `/api/v1/channels/${channel.id}/${kind}`;
    const first = await acme.send('POST', path, { customer_uuid: jane.id }, key);
    await given.message(acme, channel, john);
    const again = await acme.send('POST', path, { customer_uuid: jane.id }, key);
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    expect((await mark(acme, 'delivered', channel, jane)).body.position).toBe(4);
  });
});

describe('GET /messages/{id}/receipts', () => {
  it('tells of each member but the sender how far the message has come, and since when', async () => {
    const acme = await given.client();
    const [john, ...others] = await Promise.all(Array.from({ length: 4 }, () => given.customer(acme)));
    const [jane, jim, joe] = others as [Customer, Customer, Customer];
    const channel = await given.channel(acme, [john!, ...others]);
    const first = await given.message(acme, channel, john!);
    await age(channel, 100);
    const second = await given.message(acme, channel, jane);
    accepted(await mark(acme, 'delivered', channel, jim, first));
    accepted(await mark(acme, 'read', channel, joe, first));
    accepted(await mark(acme, 'read', channel, jane));
    const of = (rows: ReadonlyArray<readonly [Customer, string, unknown]>) => ({
      object: 'list',
      data: rows
        .map(([{ id }, status, at]) => ({ customer_id: id, status, at }))
        .sort((a, b) => (a.customer_id < b.customer_id ? -1 : 1)),
      has_more: false,
      total_count: 3,
    });
    const at = expect.closeTo(now(), -1);
    expect(await receiptsOf(acme, first)).toEqual(
      of([
        [jane, 'read', at],
        [jim, 'delivered', at],
        [joe, 'read', at],
      ]),
    );
    expect(await receiptsOf(acme, second)).toEqual(
      of([
        [john!, 'sent', second.created],
        [jim, 'sent', second.created],
        [joe, 'sent', second.created],
      ]),
    );
  });

  it('says when a status was first reached, whatever was marked later', async () => {
    const acme = await given.client();
    const { john, jane, channel, said } = await talk(acme);
    accepted(await mark(acme, 'delivered', channel, jane, said[1]));
    accepted(await mark(acme, 'read', channel, jane, said[1]));
    await sql(`UPDATE receipts SET at = at - interval '1 hour' WHERE client_id = $1`, acme.uuid);
    await given.message(acme, channel, john);
    accepted(await mark(acme, 'read', channel, jane));
    const [first, third] = [await receiptsOf(acme, said[0]), await receiptsOf(acme, said[2])];
    expect(first.data).toEqual([{ customer_id: jane.id, status: 'read', at: expect.closeTo(now() - 3600, -1) }]);
    expect(third.data).toEqual([{ customer_id: jane.id, status: 'read', at: expect.closeTo(now(), -1) }]);
  });

  it('leaves out who joined later, and who left', async () => {
    const acme = await given.client();
    const { jane, channel, said } = await talk(acme);
    const [late, gone] = [await given.customer(acme), await given.customer(acme)];
    accepted(
      await acme.send('POST', `/api/v1/channels/${channel.id}/customers`, { customer_uuids: [late.id, gone.id] }),
    );
    accepted(await acme.send('DELETE', `/api/v1/channels/${channel.id}/customers/${gone.id}`));
    const ids = (await receiptsOf(acme, said[0])).data.map((one: { customer_id: string }) => one.customer_id);
    expect(ids).toEqual([jane.id]);
  });

  it('answers 404 for whatever names no message of the caller', async () => {
    const [acme, other] = [await given.client(), await given.client()];
    const { channel, said } = await talk(acme);
    const foreign = (await talk(other)).said[0];
    accepted(await acme.send('DELETE', `/api/v1/messages/${said[0].id}?mode=all_participants`));
    for (const id of [said[0].id, foreign.id, formatId('message', randomUUID()), channel.id, 'nonsense']) {
      expectMissing(await acme.send('GET', `/api/v1/messages/${id}/receipts`), 'Message not found');
    }
  });
});
