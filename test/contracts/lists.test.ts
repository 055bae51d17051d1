import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { call, given as givenOn, must, type Customer, type TestClient } from '../support/given.js';
import { listContract, type ListCase, type MadeList } from '../support/list-contract.js';
import { ADMIN_KEY, startServer, type TestServer } from '../support/server.js';
import { sql } from '../support/sql.js';

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
  return { path: '/api/v1/customers', ids: newestFirst(await times(count, () => given.customer(acme))) };
}

async function active(acme: TestClient, count: number): Promise<MadeList> {
  const [silent, ...writers] = await times(count + 1, () => given.customer(acme));
  const channel = await given.channel(acme, [silent!, ...writers]);
  for (const writer of writers) {
    await given.message(acme, channel, writer);
  }
  return { path: '/api/v1/customers/active', ids: newestFirst(writers), outside: silent!.id };
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
  return { path, ids: newestFirst(others), outside: sender!.id };
}

async function channels(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const more = await times(count - 1, (at) => given.channel(acme, [john, jane], `Number ${at}`));
  return { path: '/api/v1/channels', ids: newestFirst([channel, ...more]) };
}

async function channelsOfCustomer(acme: TestClient, count: number): Promise<MadeList> {
  const { ids } = await channels(acme, count);
  const [newest] = must(await acme.api.GET('/api/v1/channels')).data;
  const outside = await given.pair(acme);
  return { path: `/api/v1/channels/customer/${newest!.customers[0]!.id}`, ids, outside: outside.channel.id };
}

/** The first three share one channel, and so one moment; each of the others has one alone. */
async function conversations(acme: TestClient, count: number): Promise<MadeList> {
  const [owner, stranger, ...others] = await times(count + 2, () => given.customer(acme));
  await given.channel(acme, [owner!, ...others.slice(0, 3)]);
  await times(Math.max(0, count - 3), (at) => given.channel(acme, [owner!, others[at + 3]!]));
  const path = `/api/v1/channels/by-email?email=${encoded(owner!)}`;
  return { path, ids: newestFirst(others), outside: stranger!.id };
}

async function messagesInChannel(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const sent = await times(count, (at) => given.message(acme, channel, at % 2 ? john : jane));
  const elsewhere = await given.message(acme, await given.channel(acme, [john, jane], 'Elsewhere'), john);
  return { path: `/api/v1/messages/channel/${channel.id}`, ids: idsOf(sent), outside: elsewhere.id };
}

async function messagesOfCustomer(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const second = await given.channel(acme, [john, jane], 'Second');
  const sent = await times(count, (at) => given.message(acme, at % 3 ? channel : second, john));
  const answer = await given.message(acme, channel, jane);
  return { path: `/api/v1/messages/customer/${john.id}`, ids: newestFirst(sent), outside: answer.id };
}

async function messagesBetween(acme: TestClient, count: number): Promise<MadeList> {
  const { john, jane, channel } = await given.pair(acme);
  const jim = await given.customer(acme);
  const group = await given.channel(acme, [john, jane, jim], 'Group');
  const sent = await times(count, (at) => given.message(acme, at % 3 ? channel : group, at % 2 ? john : jane));
  const third = await given.message(acme, group, jim);
  const path = `/api/v1/messages/between?email1=${encoded(john)}&email2=${encoded(jane)}`;
  return { path, ids: newestFirst(sent), outside: third.id };
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
  const register = async (of: Customer, at: number) => {
    const body = { device_id: `device ${at}`, provider: 'fcm' as const, token: randomUUID() };
    const params = { path: { id: of.id } };
    return must(await acme.api.POST('/api/v1/customers/{id}/devices', { params, body }));
  };
  const made = await times(count, (at) => register(john!, at));
  const outside = await register(jane!, 0);
  return { path: `/api/v1/customers/${john!.id}/devices`, ids: newestFirst(made), outside: outside.id };
}

async function apiKeys(acme: TestClient, count: number): Promise<MadeList> {
  const path = `/admin/v1/clients/${acme.id}/keys`;
  const first = (await call(`${server.url}${path}`, 'GET', undefined, operator)).body.data;
  const body = { name: 'One more', scopes: ['*'] };
  const made = await times(count - 1, () => call(`${server.url}${path}`, 'POST', body, operator));
  return { path, ids: newestFirst([...first, ...made.map((reply) => reply.body)]) };
}

let clientIds: string[] = [];
async function clients(_: TestClient, count: number): Promise<MadeList> {
  const body = { name: 'Acme', domain: 'example.com' };
  const made = await times(count, () => call(`${lonely.url}/admin/v1/clients`, 'POST', body, operator));
  clientIds = [...newestFirst(made.map((reply) => reply.body)), ...clientIds];
  return { path: '/admin/v1/clients', ids: clientIds };
}

const tenant: Pick<ListCase, 'client' | 'fetch'> = {
  client: () => given.client(),
  fetch: (acme, path) => acme.send('GET', path),
};
const admin = (at: () => TestServer): Pick<ListCase, 'client' | 'fetch'> => ({
  client: () => given.client(),
  fetch: (_, path) => call(`${at().url}${path}`, 'GET', undefined, operator),
});

listContract('GET /customers', { ...tenant, make: customers });
listContract('GET /customers/active', { ...tenant, make: active, otherwise: 20 });
listContract('GET /customers/active-for-sender', { ...tenant, make: activeForSender, otherwise: 20 });
listContract('GET /customers/{id}/devices', { ...tenant, make: devices });
listContract('GET /channels', { ...tenant, make: channels });
listContract('GET /channels/customer/{id}', { ...tenant, make: channelsOfCustomer });
listContract('GET /channels/by-email', {
  ...tenant,
  make: conversations,
  otherwise: 100,
  items: (body) => body.data.conversations,
  idOf: ({ recipient }) => recipient.id,
});
listContract('GET /messages/channel/{id}', { ...tenant, make: messagesInChannel });
listContract('GET /messages/customer/{id}', { ...tenant, make: messagesOfCustomer });
listContract('GET /messages/between', { ...tenant, make: messagesBetween });
listContract('GET /messages/{id}/receipts', { ...tenant, make: receipts, idOf: ({ customer_id }) => customer_id });
listContract('GET /admin/v1/clients', { ...admin(() => lonely), make: clients });
listContract('GET /admin/v1/clients/{id}/keys', { ...admin(() => server), make: apiKeys });
