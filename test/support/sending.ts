import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { parseId } from '../../src/platform/common/ids/type-id.js';
import { accepted, call, type Channel, type Customer, type given, type Reply, type TestClient } from './given.js';
import { answersOn, open, wire } from './raw-http.js';
import { ADMIN_KEY } from './settings.js';
import { sql } from './sql.js';

/** What came of one message; of `status` null where no answer came. */
export interface Sent {
  readonly content: string;
  readonly status: number | null;
  /** Where it is 201. */
  readonly message: { readonly id: string; readonly position: number };
  readonly text: string;
}

export interface Crowd {
  readonly acme: TestClient;
  readonly customers: readonly Customer[];
  readonly channels: readonly Channel[];
}

export async function asOperator(url: string, method: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  return accepted(await call(`${url}/admin/v1${path}`, method, body, headers)).body;
}

/** Twenty customers who are all in each of five channels. */
export async function crowdOf({ client, customer, channel }: ReturnType<typeof given>): Promise<Crowd> {
  const acme = await client();
  const customers = await Promise.all(Array.from({ length: 20 }, () => customer(acme)));
  const channels = await Promise.all(Array.from({ length: 5 }, (_, at) => channel(acme, customers, `Room ${at}`)));
  return { acme, customers, channels };
}

/** Without a look at the document, which is held to elsewhere: here it is speed that finds a fault. */
export async function send(
  url: string,
  acme: TestClient,
  { id: channel_uuid }: Channel,
  { id: sender_uuid }: Customer,
  { content = randomUUID(), headers = {}, extra = {} }: { content?: string; headers?: object; extra?: object } = {},
): Promise<Sent> {
  const answer = await fetch(`${url}/api/v1/messages`, {
    method: 'POST',
    headers: { ...acme.headers, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ channel_uuid, sender_uuid, type: 'text', content, ...extra }),
    signal: AbortSignal.timeout(30_000),
  }).catch(() => null);
  // One that was cut off is none.
  const text = (await answer?.text().catch(() => '')) ?? '';
  const status = text === '' ? null : answer!.status;
  return { content, status, message: status === 201 ? JSON.parse(text) : null, text };
}

/**
 * Holds that what was answered is what there is: each message that was acknowledged, once and where its sender was told, no
 * others but those of `unsure`, and no gap in any channel.
 *
 * @param sent what each sender said, in its order, which is to be that of the channel
 */
export async function expectKept(
  { uuid }: TestClient,
  sent: ReadonlyArray<readonly Sent[]>,
  unsure: ReadonlySet<string> = new Set(),
): Promise<void> {
  const rows = await sql<{ id: string; channel: string; content: string; position: number }>(
    `SELECT id, channel_id AS channel, content, position FROM messages WHERE client_id = $1
     ORDER BY channel_id, position`,
    uuid,
  );
  const told = sent.map((one) => one.filter(({ status }) => status === 201).map(({ message }) => message));
  const places = new Map(told.flat().map(({ id, position }) => [parseId('message', id), position]));
  expect(places.size).toBe(told.flat().length);

  const known = rows.filter(({ id }) => places.has(id));
  expect(known.length).toBe(places.size);
  expect(known.filter(({ id, position }) => places.get(id) !== position)).toEqual([]);

  const others = rows.filter(({ id }) => !places.has(id)).map(({ content }) => content);
  expect(others.filter((content) => !unsure.has(content))).toEqual([]);
  expect(new Set(others).size).toBe(others.length);

  const lasts = new Map<string, number>();
  const gaps = rows.filter(({ channel, position }) => {
    const before = lasts.get(channel) ?? 0;
    lasts.set(channel, position);
    return position !== before + 1;
  });
  expect(gaps).toEqual([]);

  for (const positions of told.map((one) => one.map(({ position }) => position))) {
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
  }
}

export const textFrom = (to: Channel, from: Customer, content = 'Hello') => ({
  channel_uuid: to.id,
  sender_uuid: from.id,
  type: 'text',
  content,
});

export const sendText = (acme: TestClient, to: Channel, from: Customer, content?: string): Promise<Reply> =>
  acme.send('POST', '/api/v1/messages', textFrom(to, from, content));

/** All of them at once, the first with the first `Idempotency-Key`: they come on one connection, in one piece. */
export async function sendInOne(
  port: number,
  acme: TestClient,
  bodies: readonly object[],
  keys: readonly string[] = [],
): Promise<Reply[]> {
  const requests = bodies.map((body, at) => {
    const headers = { ...acme.headers, 'content-type': 'application/json', 'idempotency-key': keys[at] };
    const lines = Object.entries(headers).filter((line): line is [string, string] => line[1] !== undefined);
    const path = `/api/v1/messages${'sender_email' in body ? '/send-to-customer' : ''}`;
    return wire('POST', path, lines, JSON.stringify(body));
  });
  const socket = await open(port);
  socket.write(Buffer.concat(requests));
  return answersOn(socket, bodies.length);
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
