import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { call, given as givenOn, must, type Customer, type Reply, type TestClient } from '../support/given.js';
import { listContract, type ListCase, type MadeList } from '../support/list-contract.js';
import { startServer, type TestServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { sql } from '../support/sql.js';
import { operations } from '../support/truth.js';
import { endpoint } from '../support/webhooks.js';

let server: TestServer;
/** The list of clients is the operator's, over all tenants: on a database of its own, so that no other test adds to it. */
let lonely: TestServer;
const database = `lists_${randomUUID().replaceAll('-', '')}`;
beforeAll(async () => {
  await sql(`CREATE DATABASE ${database}`);
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${database}`;
  [server, lonely] = await Promise.all([startServer(), startServer({ DATABASE_URL: url.href })]);
});
afterAll(async () => {
  await Promise.all([server.stop(), lonely.stop()]);
});
const given = givenOn(() => server);
const operator = { authorization: `Bearer ${ADMIN_KEY}` };

/** `count` of what `one` makes, one after another. */
async function times<T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let at = 0; at < count; at += 1) {
    made.push(await one(at));
  }
  return made;
}
const idsOf = (rows: ReadonlyArray<{ readonly id: string }>) => rows.map(({ id }) => id);
const newestFirst = (rows: ReadonlyArray<{ readonly id: string }>) => idsOf(rows).reverse();
const encoded = ({ email }: Customer) => encodeURIComponent(email!);

async function customers(acme: TestClient, count: number): Promise<MadeList> {
  const add = () => given.customer(acme);
  return { path: '/api/v1/customers', ids: newestFirst(await times(count, add)), add };
}

async function active(acme: TestClient, count: number): Promise<MadeList> {
  const [silent, ...writers] = await times(count + 1, () => given.customer(acme));
  const write = async (writer: Customer) => given.message(acme, await given.channel(acme, [silent!, writer]), writer);
  for (const writer of writers) {
    await write(writer);
  }
  const add = async () => write(await given.customer(acme));
  return { path: '/api/v1/customers/active', ids: newestFirst(writers), outside: silent!.id, add };
}

/** Who only heard the sender shares one moment with all others who did; the newer half of them answered. */
async function activeForSender(acme: TestClient, count: number): Promise<MadeList> {
  const [sender, ...others] = await times(count + 1, () => given.customer(acme));
  const channel = await given.channel(acme, [sender!, ...others]);
  await given.message(acme, channel, sender!);
  for (const other of others.slice(count / 2)) {
    await given.message(acme, channel, other);
  }
  const path = `/api/v1/customers/active-for-sender?email=${encoded(sender!)}`;
  const add = async () =>
    given.message(acme, await given.channel(acme, [sender!, await given.customer(acme)]), sender!);
  return { path, ids: newestFirst(others), outside: sender!.id, add };
}

async function channels(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const add = () => given.channel(acme, [john, jane], randomUUID());
  return { path: '/api/v1/channels', ids: newestFirst([channel, ...(await times(count - 1, add))]), add };
}

async function channelsOfCustomer(acme: TestClient, count: number): Promise<MadeList> {
  const { ids, add } = await channels(acme, count);
  const [newest] = must(await acme.api.GET('/api/v1/channels')).data;
  const outside = await given.pair(acme);
  return { path: `/api/v1/channels/customer/${newest!.customers[0]!.id}`, ids, outside: outside.channel.id, add };
}

/** The first three share one channel, and so one moment; each of the others has one alone. */
async function conversations(acme: TestClient, count: number): Promise<MadeList> {
  const [owner, stranger, ...others] = await times(count + 2, () => given.customer(acme));
  await given.channel(acme, [owner!, ...others.slice(0, 3)]);
  await times(Math.max(0, count - 3), (at) => given.channel(acme, [owner!, others[at + 3]!]));
  const path = `/api/v1/channels/by-email?email=${encoded(owner!)}`;
  const add = async () => given.channel(acme, [owner!, await given.customer(acme)]);
  return { path, ids: newestFirst(others), outside: stranger!.id, add };
}

async function messagesInChannel(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const sent = await times(count, (at) => given.message(acme, channel, at % 2 ? john : jane));
  const elsewhere = await given.message(acme, await given.channel(acme, [john, jane], 'Elsewhere'), john);
  const add = () => given.message(acme, channel, jane);
  return { path: `/api/v1/messages/channel/${channel.id}`, ids: idsOf(sent), outside: elsewhere.id, add };
}

async function messagesOfCustomer(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const second = await given.channel(acme, [john, jane], 'Second');
  const sent = await times(count, (at) => given.message(acme, at % 3 ? channel : second, john));
  const answer = await given.message(acme, channel, jane);
  const add = () => given.message(acme, second, john);
  return { path: `/api/v1/messages/customer/${john.id}`, ids: newestFirst(sent), outside: answer.id, add };
}

async function messagesBetween(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const jim = await given.customer(acme);
  const group = await given.channel(acme, [john, jane, jim], 'Group');
  const sent = await times(count, (at) => given.message(acme, at % 3 ? channel : group, at % 2 ? john : jane));
  const third = await given.message(acme, group, jim);
  const path = `/api/v1/messages/between?email1=${encoded(john)}&email2=${encoded(jane)}`;
  const add = () => given.message(acme, group, jane);
  return { path, ids: newestFirst(sent), outside: third.id, add };
}

/** By customer; of the receipts of one message, which nobody has read. */
async function receipts(acme: TestClient, count: number): Promise<MadeList> {
  const [sender, outside, ...others] = await times(count + 2, () => given.customer(acme));
  const channel = await given.channel(acme, [sender!, ...others]);
  const message = await given.message(acme, channel, sender!);
  return { path: `/api/v1/messages/${message.id}/receipts`, ids: idsOf(others).sort(), outside: outside!.id };
}

async function devices(acme: TestClient, count: number): Promise<MadeList> {
  const [john, jane] = await times(2, () => given.customer(acme));
  const register = async (of: Customer) => {
    const body = { device_id: randomUUID(), provider: 'fcm' as const, token: randomUUID() };
    const params = { path: { id: of.id } };
    return must(await acme.api.POST('/api/v1/customers/{id}/devices', { params, body }));
  };
  const add = () => register(john!);
  const made = await times(count, add);
  const outside = await register(jane!);
  return { path: `/api/v1/customers/${john!.id}/devices`, ids: newestFirst(made), outside: outside.id, add };
}

/** Each of a customer that is made: they are written down as soon as there is an endpoint to tell. */
async function events(acme: TestClient, count: number): Promise<MadeList> {
  await endpoint(acme, 'https://example.com');
  const add = () => given.customer(acme);
  const made = newestFirst(await times(count, add));
  const { data } = must(await acme.api.GET('/api/v1/events', { params: { query: { limit: 100 } } }));
  const eventOf = (id: string) => data.find((event) => (event.data as { id?: string }).id === id)!;
  const ids = made.map((id) => eventOf(id).id);
  // No endpoint is told of this one, and no list either.
  const [untold] = await sql<{ id: string }>(
    `INSERT INTO events (client_id, id, type, data, is_public)
     VALUES ($1, gen_random_uuid(), 'message.delivered', '{}', false) RETURNING id`,
    acme.uuid,
  );
  return { path: '/api/v1/events', ids, outside: formatId('event', untold!.id), add };
}

async function webhookEndpoints(acme: TestClient, count: number): Promise<MadeList> {
  const add = () => endpoint(acme, 'https://example.com');
  return { path: '/api/v1/webhook_endpoints', ids: newestFirst(await times(count, add)), add };
}

async function webhookDeliveries(acme: TestClient, count: number): Promise<MadeList> {
  const [one, other] = await times(2, () => endpoint(acme, 'https://example.com'));
  const deliver = async ({ id }: { readonly id: string }) =>
    must(await acme.api.POST('/api/v1/webhook_endpoints/{id}/test', { params: { path: { id } } }));
  const add = () => deliver(one!);
  const made = await times(count, add);
  const outside = await deliver(other!);
  return { path: `/api/v1/webhook_endpoints/${one!.id}/deliveries`, ids: newestFirst(made), outside: outside.id, add };
}

/** What the operator made. */
async function made(url: string, body: unknown): Promise<{ readonly id: string }> {
  const reply = await call(url, 'POST', body, operator);
  expect(reply.status).toBe(201);
  return reply.body as { readonly id: string };
}

async function apiKeys(acme: TestClient, count: number): Promise<MadeList> {
  const path = `/admin/v1/clients/${acme.id}/keys`;
  const first = (await call(`${server.url}${path}`, 'GET', undefined, operator)).body.data;
  const add = () => made(`${server.url}${path}`, { name: 'One more', scopes: ['*'] });
  return { path, ids: newestFirst([...first, ...(await times(count - 1, add))]), add };
}

const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
async function identityKeys(acme: TestClient, count: number): Promise<MadeList> {
  const path = `/admin/v1/clients/${acme.id}/identity_keys`;
  const add = () => made(`${server.url}${path}`, { algorithm: 'ES256', public_key: publicKey });
  return { path, ids: newestFirst(await times(count, add)), add };
}

let clientIds: string[] = [];
async function clients(_: TestClient, count: number): Promise<MadeList> {
  const add = () => made(`${lonely.url}/admin/v1/clients`, { name: 'Acme', domain: 'example.com' });
  clientIds = [...newestFirst(await times(count, add)), ...clientIds];
  return { path: '/admin/v1/clients', ids: clientIds, add };
}

const tenant: Pick<ListCase, 'client' | 'fetch'> = {
  client: () => given.client(),
  fetch: (acme, path) => acme.send('GET', path),
};
const admin = (at: () => TestServer): Pick<ListCase, 'client' | 'fetch'> => ({
  client: () => given.client(),
  fetch: (_, path) => call(`${at().url}${path}`, 'GET', undefined, operator),
});

const ofTenant = (make: ListCase['make'], rest: Partial<ListCase> = {}): ListCase => ({ ...tenant, make, ...rest });
const byCustomer = { own: 'asc', idOf: ({ customer_id }: Reply['body']) => customer_id as string } as const;
const ofConversations = {
  otherwise: 100,
  items: (body: Reply['body']) => body.data.conversations as unknown[],
  idOf: ({ recipient }: Reply['body']) => recipient.id as string,
};

/** Every list of the document. */
const LISTS: Record<string, ListCase> = {
  '/api/v1/customers': ofTenant(customers),
  '/api/v1/customers/active': ofTenant(active, { otherwise: 20 }),
  '/api/v1/customers/active-for-sender': ofTenant(activeForSender, { otherwise: 20 }),
  '/api/v1/customers/{id}/devices': ofTenant(devices),
  '/api/v1/channels': ofTenant(channels),
  '/api/v1/channels/customer/{id}': ofTenant(channelsOfCustomer),
  '/api/v1/channels/by-email': ofTenant(conversations, ofConversations),
  '/api/v1/messages/channel/{id}': ofTenant(messagesInChannel, { own: 'asc' }),
  '/api/v1/messages/customer/{id}': ofTenant(messagesOfCustomer),
  '/api/v1/messages/between': ofTenant(messagesBetween),
  '/api/v1/messages/{id}/receipts': ofTenant(receipts, byCustomer),
  '/api/v1/events': ofTenant(events),
  '/api/v1/webhook_endpoints': ofTenant(webhookEndpoints),
  '/api/v1/webhook_endpoints/{id}/deliveries': ofTenant(webhookDeliveries),
  '/admin/v1/clients': { ...admin(() => lonely), make: clients },
  '/admin/v1/clients/{id}/keys': { ...admin(() => server), make: apiKeys },
  '/admin/v1/clients/{id}/identity_keys': { ...admin(() => server), make: identityKeys },
};

interface Shape {
  readonly default?: unknown;
}

it('are all lists of the document, each with its order', () => {
  const described = operations.flatMap(({ path, operation: { parameters = [] } }) => {
    const schemaOf = (called: string) => parameters.find(({ name }) => name === called)?.schema as Shape | undefined;
    return schemaOf('limit') ? [[path, schemaOf('order')?.default]] : [];
  });
  expect(Object.fromEntries(described)).toEqual(
    Object.fromEntries(Object.entries(LISTS).map(([path, { own = 'desc' }]) => [path, own])),
  );
});

for (const [path, list] of Object.entries(LISTS)) {
  listContract(path, list);
}
