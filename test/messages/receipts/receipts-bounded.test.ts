import { expect, it } from '@jest/globals';
import { parseId } from '../../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../../support/exact.js';
import { given as givenOn, type Channel, type Customer, type Message, type TestClient } from '../../support/given.js';
import { useServer } from '../../support/server.js';
import { sql } from '../../support/sql.js';

const server = useServer();
const given = givenOn(() => server);

async function mark(of: TestClient, kind: 'read' | 'delivered', who: Customer, to: Message): Promise<void> {
  const body = { customer_uuid: who.id, message_uuid: to.id };
  expect((await of.send('POST', `/api/v1/channels/${to.channel_id}/${kind}`, body)).status).toBe(200);
}

async function receiptOf(of: TestClient, { id }: Message): Promise<unknown> {
  const { status, body } = await of.send('GET', `/api/v1/messages/${id}/receipts`);
  expect([status, body.data.length]).toEqual([200, 1]);
  return body.data[0];
}

const kept = ({ id }: Channel): Promise<{ kind: string; second: string }[]> =>
  sql(
    `SELECT kind, date_trunc('second', at)::text AS second FROM receipts WHERE channel_id = $1 ORDER BY kind, position`,
    parseId('channel', id),
  );

it('However often a customer reads, what is kept of it is bounded, and the answers are the same', async () => {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const said: { message: Message; before: unknown; after?: unknown }[] = [];
  for (let count = 0; count < 30; count += 1) {
    const message = await given.message(acme, channel, john);
    await mark(acme, 'delivered', jane, message);
    const before = await receiptOf(acme, message);
    expect(before).toMatchObject({ status: 'delivered' });
    await mark(acme, 'read', jane, message);
    said.push({ message, before, after: await receiptOf(acme, message) });
  }
  for (const { message, after } of said) {
    expect(after).toMatchObject({ status: 'read' });
    expect(await receiptOf(acme, message)).toEqual(after);
  }
  const rows = await kept(channel);
  expect(rows.filter(({ kind }) => kind === 'delivered')).toEqual([]);
  expect(new Set(rows.map(({ second }) => second)).size).toBe(rows.length);
  expect(rows.length).toBeLessThan(30);
  await expectExactRows(acme.uuid);
});

it('What was read 90 days ago makes room for what is read now, and stays read', async () => {
  const acme = await given.client();
  const { john, jane, channel } = await given.pair(acme);
  const aged = async (days: number): Promise<unknown> =>
    sql(
      `UPDATE receipts SET at = at - make_interval(days => $2) WHERE channel_id = $1`,
      parseId('channel', channel.id),
      days,
    );
  const read = async (): Promise<Message> => {
    const message = await given.message(acme, channel, john);
    await mark(acme, 'read', jane, message);
    // A day before whatever is read next.
    await aged(1);
    return message;
  };
  const old = [await read(), await read(), await read(), await read(), await read()];
  await aged(80);
  const exact = await receiptOf(acme, old[0]!);
  const young = [await read(), await read(), await read()];
  expect(await receiptOf(acme, old[0]!)).toMatchObject({ ...(exact as object), at: expect.any(Number) });
  expect(await kept(channel)).toHaveLength(8);
  await aged(10);
  for (let more = 0; more < 4; more += 1) {
    young.push(await read());
  }
  // The five are one, which tells of all of them.
  const rows = await kept(channel);
  expect(rows).toHaveLength(1 + young.length);
  const [first, ...others] = await Promise.all(old.map((message) => receiptOf(acme, message)));
  expect(first).toMatchObject({ status: 'read' });
  others.forEach((other) => expect(other).toEqual(first));
  const seconds = await Promise.all(young.map((message) => receiptOf(acme, message)));
  expect(new Set(seconds.map((one) => (one as { at: number }).at)).size).toBe(young.length);
});
