import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelsService } from '../../src/channels/channels.service.js';
import { formatId, parseId } from '../../src/platform/common/ids/type-id.js';
import { expectExactRows } from '../support/exact.js';
import { accepted, call, given as givenOn, type Customer, type Reply, type TestClient } from '../support/given.js';
import { layerApp, type LayerSession } from '../support/layer.js';
import { read } from '../support/layer-talk.js';
import { startServer, useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';

beforeAll(async () => {
  // Elsewhere other tests make clients too, and their list is of all.
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

describe('Ids that say nothing of the order leave every list in it:', () => {
  it('messages', async () => {
    const acme = await given.client();
    const { john, jane, channel } = await given.pair(acme);
    const elsewhere = await given.channel(acme, [john, jane], 'Elsewhere');
    const sent: { id: string; sender: Customer }[] = [];
    for (let at = 0; at < 12; at += 1) {
      const sender = at % 3 ? john : jane;
      const id = randomUUID();
      const channel_uuid = at % 2 ? elsewhere.id : channel.id;
      const body = { id, channel_uuid, sender_uuid: sender.id, type: 'text', content: 'Hello' };
      sent.push({ id: (await acme.send('POST', '/api/v1/messages', body)).body.id, sender });
    }
    let newestFirst = sent.toReversed();
    const saidBy = (who: Customer) => newestFirst.filter(({ sender }) => sender === who);
    const emails = `email1=${encodeURIComponent(john.email!)}&email2=${encodeURIComponent(jane.email!)}`;
    for (const [path, list] of [
      [`/api/v1/messages/customer/${john.id}?`, () => saidBy(john)],
      [`/api/v1/messages/between?${emails}&`, () => newestFirst],
    ] as const) {
      const expected = list();
      expect(await pages(acme, path)).toEqual(expected.map(({ id }) => id));
      // A deleted one still has its place.
      const gone = expected[4]!;
      accepted(await acme.send('DELETE', `/api/v1/messages/${gone.id}?mode=all_participants`));
      const rest = await acme.send('GET', `${path}limit=2&starting_after=${gone.id}`);
      expect(rest.body.data.map(({ id }: { id: string }) => id)).toEqual(expected.slice(5, 7).map(({ id }) => id));
      newestFirst = newestFirst.filter((one) => one !== gone);
    }
    // The newest of those that stay is found by when it was said.
    for (const { id } of saidBy(john).slice(0, 3)) {
      accepted(await acme.send('DELETE', `/api/v1/messages/${id}?mode=all_participants`));
      await expectExactRows(acme.uuid);
    }
  });

  it('channels', async () => {
    const acme = await given.client();
    const [john, jane] = [await given.customer(acme), await given.customer(acme)];
    const customerIds = [john, jane].map(({ id }) => parseId('customer', id)!);
    const tenant = { clientId: acme.uuid, livemode: false };
    const channels = server.get<ChannelsService>('ChannelsService');
    const made: string[] = [];
    for (let at = 0; at < 8; at += 1) {
      const id = randomUUID();
      await channels.create(tenant, { type: 'custom', customerIds, id, isShared: false });
      made.unshift(formatId('channel', id));
    }
    expect(await pages(acme, '/api/v1/channels?')).toEqual(made);
    expect(await pages(acme, `/api/v1/channels/customer/${john.id}?`)).toEqual(made);
    const strangers = await given.channel(acme, [jane, await given.customer(acme)]);
    const path = `/api/v1/channels/customer/${john.id}?starting_after=${strangers.id}`;
    expect((await acme.send('GET', path)).status).toBe(422);
  });
});

const operator = {
  send: (method: string, path: string, body?: unknown): Promise<Reply> =>
    call(`${server.url}${path}`, method, body, { authorization: `Bearer ${ADMIN_KEY}` }),
};
const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });

describe('Ids made by a machine whose clock is wrong leave every list in its order:', () => {
  it.each([
    ['customers', 'customer', '/api/v1/customers', (at: number) => ({ name: 'John', email: `john${at}@example.com` })],
    [
      'webhook_endpoints',
      'webhook_endpoint',
      '/api/v1/webhook_endpoints',
      () => ({ url: 'https://a.com', events: ['*'] }),
    ],
    [
      'devices',
      'device',
      '/api/v1/customers/{customer}/devices',
      (at: number) => ({ provider: 'fcm', device_id: `${at}`, token: `token-${at}` }),
    ],
    ['clients', 'client', '/admin/v1/clients', () => ({ name: 'Acme', domain: 'a.com' })],
    ['api_keys', 'api_key', '/admin/v1/clients/{client}/keys', () => ({ name: 'k', scopes: ['*'] })],
    [
      'identity_keys',
      'identity_key',
      '/admin/v1/clients/{client}/identity_keys',
      () => ({ algorithm: 'ES256', public_key: publicKey }),
    ],
  ] as const)('%s', async (table, type, template, body) => {
    const acme = await given.client();
    const who = template.startsWith('/admin') ? operator : acme;
    const customer = template.includes('{customer}') ? (await given.customer(acme)).id : '';
    const path = template.replace('{client}', acme.id).replace('{customer}', customer);
    const ids: string[] = [];
    for (let at = 0; at < 8; at += 1) {
      const made = await who.send('POST', path, body(at));
      expect(made.status).toBe(201);
      ids.push(made.body.id);
    }
    await age(
      table,
      'id',
      ids.map((id) => parseId(type, id)!),
    );
    // There is a first key besides, and other tests’ clients.
    expect((await pages(who, `${path}?`)).filter((id) => ids.includes(id))).toEqual(ids);
  });

  it('users and announcements of Layer’s', async () => {
    const acme = await given.client();
    const app = await layerApp(() => server, acme);
    const me = await app.session('me');
    const mine = (await acme.send('GET', '/api/v1/customers?external_id=me')).body.data[0];
    const names = ['a', 'b', 'c', 'd', 'e'];
    const customers: string[] = [];
    for (const external_id of names) {
      const made = await acme.send('POST', '/api/v1/customers', {
        name: 'John',
        email: `${external_id}@example.com`,
        external_id,
      });
      expect(made.status).toBe(201);
      customers.push(parseId('customer', made.body.id)!);
    }
    expect((await me.send('POST', '/following/users', names)).status).toBe(202);
    await age('customers', 'id', customers);
    for (const path of ['/following', '/identities']) {
      expect((await layerPages(me, path)).map((id) => id.at(-1))).toEqual(names);
    }
    const announced: string[] = [];
    for (const name of names) {
      const parts = [{ mime_type: 'text/plain', body: name }];
      const body = { recipient_uuids: [mine.id], sender_name: 'Shop', parts };
      announced.push(parseId('announcement', (await acme.send('POST', '/api/v1/announcements', body)).body.id)!);
    }
    await age('announcement_recipients', 'announcement_id', announced);
    expect(await layerPages(me, '/announcements')).toEqual(announced.map((id) => `layer:///announcements/${id}`));
  });
});

/** Makes each row a microsecond older than the one before it, which was made before it. */
async function age(table: string, column: string, ids: readonly string[]): Promise<void> {
  const rows = await sql(
    `UPDATE ${table} row SET created_at = '2020-01-01'::timestamptz - made.at * interval '1 microsecond'
     FROM unnest($1::uuid[]) WITH ORDINALITY AS made (id, at) WHERE row.${column} = made.id RETURNING made.id`,
    ids,
  );
  expect(rows).toHaveLength(ids.length);
}

/** The Layer URIs of a whole list, two at a time. */
async function layerPages(me: LayerSession, path: string): Promise<string[]> {
  const uris: string[] = [];
  for (let more = true; more;) {
    const after = uris.length === 0 ? '' : `&from_id=${encodeURIComponent(uris.at(-1)!)}`;
    const page = await read(me, `${path}?page_size=2${after}`);
    uris.push(...page.map(({ id }: { id: string }) => id));
    more = page.length === 2;
  }
  return uris;
}

/** The ids of a whole list, three at a time. */
async function pages(acme: Pick<TestClient, 'send'>, path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let more = true; more;) {
    const after = ids.length === 0 ? '' : `&starting_after=${ids.at(-1)}`;
    const { body } = await acme.send('GET', `${path}limit=3${after}`);
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    more = body.has_more;
  }
  return ids;
}
