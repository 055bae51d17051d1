import { beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, call, given as givenOn, testClient, type Reply } from '../support/given.js';
import { startServer, useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';
import { ownDatabase } from '../support/sql.js';
import { operations } from '../support/truth.js';

beforeAll(async () => {
  // Elsewhere other tests make clients too, and the list is of all.
  await ownDatabase();
});
const server = useServer(startServer);
const given = givenOn(() => server);

const CLIENTS = '/admin/v1/clients';
const SOME_ID = '018f0000-0000-7000-8000-000000000000';
const admin = (method: string, path: string, body?: unknown): Promise<Reply> =>
  call(`${server.url}${path}`, method, body, { authorization: `Bearer ${ADMIN_KEY}` });
const adminOperations = operations
  .filter(({ path }) => path.startsWith('/admin/'))
  .map(({ method, path }) => [method, path.replace('{id}', SOME_ID).replace('{key_id}', SOME_ID)] as const);
const UNKNOWN = 'clt_01h455vb4pex5vsknk084sn02q';

describe('Clients', () => {
  it('are created with their first secret key, which works and is shown this once', async () => {
    const body = {
      name: 'Acme',
      domain: 'Example.COM',
      allowed_subdomains: ['API'],
      allowed_ips: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
      livemode: true,
    };
    const created = await admin('POST', CLIENTS, body);
    expect(created.status).toBe(201);
    const { secret_key, ...client } = created.body;
    expect(client).toEqual({
      object: 'client',
      id: expect.stringMatching(/^clt_[0-7][\da-hjkmnp-tv-z]{25}$/),
      name: 'Acme',
      domain: 'example.com',
      public_key: expect.stringMatching(/^pk_live_[\dA-Za-z]{38}$/),
      allowed_ips: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
      allowed_subdomains: ['api'],
      disabled: false,
      rate_limit: null,
      total_rate_limit: null,
      origin_policy: 'required',
      storage_limit: null,
      storage_used: 0,
      created: expect.any(Number),
      livemode: true,
    });
    expect(secret_key).toMatch(/^sk_live_[\dA-Za-z]{38}$/);
    const acme = testClient(server.url, SOME_ID, client.public_key, secret_key);
    const { disabled: _, rate_limit: __, total_rate_limit: ___, origin_policy: ____, ...shown } = client;
    const { storage_limit: _____, storage_used: ______, ...own } = shown;
    expect((await acme.send('GET', `/api/v1/client/${client.id}`)).body).toEqual(own);
    const read = await admin('GET', `${CLIENTS}/${client.id}`);
    expect(read.body).toEqual(client);
    for (const path of [`${CLIENTS}?limit=100`, `${CLIENTS}/${client.id}`, `${CLIENTS}/${client.id}/keys`]) {
      expect((await admin('GET', path)).text).not.toContain(secret_key.slice(8, 30));
    }
  });

  it('are a test one that may call from its domain alone, where nothing else is said', async () => {
    for (const rest of [{}, { allowed_subdomains: null, allowed_ips: null, livemode: null }]) {
      const { body } = await admin('POST', CLIENTS, { name: 'A', domain: 'a.com', ...rest });
      expect([body.allowed_ips, body.allowed_subdomains, body.livemode]).toEqual([[], [], false]);
      expect(body.secret_key).toMatch(/^sk_test_/);
    }
  });

  it('are listed newest first, page by page', async () => {
    const ids = [];
    for (const name of ['one', 'two', 'three']) {
      ids.unshift((await admin('POST', CLIENTS, { name, domain: 'a.com' })).body.id as string);
    }
    const first = (await admin('GET', `${CLIENTS}?limit=2`)).body;
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect([first.object, first.has_more]).toEqual(['list', true]);
    const second = (await admin('GET', `${CLIENTS}?limit=1&starting_after=${ids[1]}`)).body;
    expect(second.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect(second.total_count).toBe(first.total_count);
  });

  it('are changed where spoken of, at once in this process', async () => {
    const acme = await given.client({ allowed_subdomains: ['app'], allowed_ips: ['127.0.0.1'] });
    const status = async (origin: string) =>
      (await acme.send('GET', '/api/v1/customers', undefined, { origin })).status;
    expect(await status('https://example.com')).toBe(200);
    const changed = await admin('PATCH', `${CLIENTS}/${acme.id}`, { domain: 'new.example', allowed_ips: null });
    expect(changed.body).toMatchObject({
      domain: 'new.example',
      allowed_subdomains: ['app'],
      allowed_ips: ['127.0.0.1'],
    });
    expect(await status('https://example.com')).toBe(401);
    expect(await status('https://app.new.example')).toBe(200);
    accepted(await admin('PATCH', `${CLIENTS}/${acme.id}`, { allowed_subdomains: [], allowed_ips: ['192.0.2.1'] }));
    expect(await status('https://app.new.example')).toBe(401);
    expect(await status('https://new.example')).toBe(403);
    expect((await admin('PATCH', `${CLIENTS}/${acme.id}`, {})).body.allowed_ips).toEqual(['192.0.2.1']);
    for (const field of ['name', 'livemode', 'disabled', 'public_key']) {
      const refused = await admin('PATCH', `${CLIENTS}/${acme.id}`, { [field]: 'x' });
      expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, [field]]);
    }
  });

  it('have a rate limit of their own where the operator gives them one, until it is taken back', async () => {
    const { body } = await admin('POST', CLIENTS, { name: 'A', domain: 'a.com', rate_limit: 5 });
    expect(body.rate_limit).toBe(5);
    const change = async (part: object): Promise<unknown> =>
      (await admin('PATCH', `${CLIENTS}/${body.id}`, part)).body.rate_limit;
    expect(await change({ rate_limit: 1_000_000 })).toBe(1_000_000);
    expect(await change({ domain: 'b.com' })).toBe(1_000_000);
    expect(await change({ rate_limit: null })).toBe(null);
    for (const rate_limit of [0, -1, 1_000_001, 1.5, '5', true, [], {}]) {
      const refused = await admin('PATCH', `${CLIENTS}/${body.id}`, { rate_limit });
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        { rate_limit: ['The rate_limit field must be a whole number from 1 to 1000000.'] },
      ]);
    }
  });

  it('are disabled for good, and their data stays', async () => {
    const acme = await given.client();
    await given.customer(acme);
    const disabled = await admin('DELETE', `${CLIENTS}/${acme.id}`);
    expect([disabled.status, disabled.body.disabled]).toEqual([200, true]);
    expect((await admin('DELETE', `${CLIENTS}/${acme.id}`)).body).toEqual(disabled.body);
    expect((await admin('GET', `${CLIENTS}/${acme.id}`)).body).toEqual(disabled.body);
    const refused = await acme.send('GET', '/api/v1/customers');
    expect([refused.status, refused.body.error]).toEqual([401, 'Unauthorized - Invalid public key']);
  });

  it.each<[object, string]>([
    [{ name: null }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(256) }, 'name'],
    [{ domain: null }, 'domain'],
    [{ domain: 'https://example.com' }, 'domain'],
    [{ domain: 'exa mple.com' }, 'domain'],
    [{ domain: '-a.com' }, 'domain'],
    [{ domain: 'a..com' }, 'domain'],
    [{ domain: 'a.com:80' }, 'domain'],
    [{ domain: '*.a.com' }, 'domain'],
    [{ domain: `${'a.'.repeat(127)}com` }, 'domain'],
    [{ allowed_subdomains: 'api' }, 'allowed_subdomains'],
    [{ allowed_subdomains: Array(101).fill('a') }, 'allowed_subdomains'],
    [{ allowed_subdomains: ['api', 'a.b'] }, 'allowed_subdomains.1'],
    [{ allowed_subdomains: ['-a'] }, 'allowed_subdomains.0'],
    [{ allowed_subdomains: ['**'] }, 'allowed_subdomains.0'],
    [{ allowed_subdomains: [''] }, 'allowed_subdomains.0'],
    [{ allowed_subdomains: ['a'.repeat(64)] }, 'allowed_subdomains.0'],
    [{ allowed_ips: ['10.0.0.1/8'] }, 'allowed_ips.0'],
    [{ allowed_ips: ['10.0.0.0/33'] }, 'allowed_ips.0'],
    [{ allowed_ips: ['127.0.0.1', '300.0.0.1'] }, 'allowed_ips.1'],
    [{ allowed_ips: ['2001:db8::/129'] }, 'allowed_ips.0'],
    [{ allowed_ips: ['fe80::1%eth0'] }, 'allowed_ips.0'],
    [{ allowed_ips: ['localhost'] }, 'allowed_ips.0'],
    [{ allowed_ips: [1] }, 'allowed_ips.0'],
    [{ livemode: 'yes' }, 'livemode'],
    [{ public_key: 'pk_test_x' }, 'public_key'],
  ])('are not made of %j', async (part, field) => {
    const refused = await admin('POST', CLIENTS, { name: 'Acme', domain: 'example.com', ...part });
    expect([refused.status, Object.keys(refused.body.errors ?? {})]).toEqual([422, [field]]);
  });
});

describe('Secret keys', () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3_600;

  it('are created, listed without the secret, used and revoked', async () => {
    const acme = await given.client();
    const path = `${CLIENTS}/${acme.id}/keys`;
    const body = { name: 'Web shop', scopes: ['customers:read', 'messages:write'], expires_at: inAnHour };
    const created = await admin('POST', path, body);
    expect(created.status).toBe(201);
    const { secret_key, ...key } = created.body;
    expect(key).toEqual({
      ...{ object: 'api_key', id: expect.stringMatching(/^key_/), client_id: acme.id, ...body },
      ...{ last4: secret_key.slice(-4), revoked_at: null, last_used_at: null },
      ...{ created: expect.any(Number), livemode: false },
    });
    const headers = { authorization: `Bearer ${secret_key}` };
    const list = await admin('GET', path);
    expect(list.body).toMatchObject({ object: 'list', has_more: false, total_count: 2 });
    expect(list.body.data[0]).toEqual(key);
    expect(list.body.data[1]).toMatchObject({ name: 'default', scopes: ['*'], expires_at: null });
    expect(list.text).not.toContain(secret_key.slice(8, 40));
    expect((await acme.send('GET', '/api/v1/customers', undefined, headers)).status).toBe(200);
    expect((await acme.send('GET', '/api/v1/channels', undefined, headers)).status).toBe(403);
    const revoked = await admin('DELETE', `${path}/${key.id}`);
    expect(revoked.body).toMatchObject({ id: key.id, revoked_at: expect.any(Number) });
    expect((await acme.send('GET', '/api/v1/customers', undefined, headers)).status).toBe(401);
    expect((await acme.send('GET', '/api/v1/customers')).status).toBe(200);
    expect((await admin('DELETE', `${path}/${key.id}`)).body.revoked_at).toBe(revoked.body.revoked_at);
    const pageTwo = await admin('GET', `${path}?limit=1&starting_after=${key.id}`);
    expect(pageTwo.body.data.map(({ id }: { id: string }) => id)).toEqual([list.body.data[1].id]);
  });

  it('of another client can not be reached through this one', async () => {
    const [acme, umbrella] = [await given.client(), await given.client()];
    const [theirs] = (await admin('GET', `${CLIENTS}/${umbrella.id}/keys`)).body.data;
    const revoked = await admin('DELETE', `${CLIENTS}/${acme.id}/keys/${theirs.id}`);
    expect([revoked.status, revoked.body.error]).toEqual([404, 'API key not found']);
    const listed = await admin('GET', `${CLIENTS}/${acme.id}/keys?starting_after=${theirs.id}`);
    expect([listed.status, Object.keys(listed.body.errors)]).toEqual([422, ['starting_after']]);
    expect((await umbrella.send('GET', '/api/v1/customers')).status).toBe(200);
  });

  it.each<[object, string]>([
    [{ name: '' }, 'name'],
    [{ scopes: undefined }, 'scopes'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: '*' }, 'scopes'],
    [{ scopes: ['*', 'admin'] }, 'scopes.1'],
    [{ scopes: ['customers:read', 'customers:read'] }, 'scopes.1'],
    [{ expires_at: 1 }, 'expires_at'],
    [{ expires_at: Math.floor(Date.now() / 1000) - 1 }, 'expires_at'],
    [{ expires_at: inAnHour * 1000 }, 'expires_at'],
    [{ expires_at: inAnHour + 0.5 }, 'expires_at'],
    [{ expires_at: String(inAnHour) }, 'expires_at'],
    [{ secret_key: 'sk_test_mine' }, 'secret_key'],
  ])('are not made of %j', async (part, field) => {
    const acme = await given.client();
    const refused = await admin('POST', `${CLIENTS}/${acme.id}/keys`, { name: 'x', scopes: ['*'], ...part });
    expect([refused.status, Object.keys(refused.body.errors ?? {})]).toEqual([422, [field]]);
  });
});

describe('The door of the admin API', () => {
  it.each(adminOperations)('%s %s opens for the admin key alone', async (method, path) => {
    const acme = await given.client();
    const url = `${server.url}${path}`;
    const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
    const none = await call(url, method, body);
    expect(none.body.error).toBe('Unauthorized - Missing or invalid Authorization header');
    const wrong = [`${ADMIN_KEY}x`, ADMIN_KEY.slice(0, -1), acme.secretKey, acme.publicKey];
    for (const headers of [{}, ...wrong.map((key) => ({ ...acme.headers, authorization: `Bearer ${key}` }))]) {
      const refused = await call(url, method, body, headers);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    expect((await call(url, method, body, { authorization: `Bearer ${wrong[0]}` })).body).toMatchObject({
      error: 'Unauthorized - Invalid admin key',
      code: 'unauthorized',
    });
    expect([200, 404, 422]).toContain((await admin(method, path, body)).status);
  });

  it('opens nothing of a tenant', async () => {
    const acme = await given.client();
    const reply = await acme.send('GET', '/api/v1/customers', undefined, { authorization: `Bearer ${ADMIN_KEY}` });
    expect([reply.status, reply.body.error]).toEqual([401, 'Unauthorized - Invalid token for this client']);
  });

  it('is not there while ADMIN_KEY is unset', async () => {
    const off = await startServer({ ADMIN_KEY: '' });
    for (const [method, path] of adminOperations) {
      for (const key of [ADMIN_KEY, 'undefined', '']) {
        const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
        const reply = await call(`${off.url}${path}`, method, body, { authorization: `Bearer ${key}` });
        expect([reply.status, reply.body.error]).toEqual([404, 'Route not found']);
      }
    }
    await off.stop();
  });

  it('names what is not there', async () => {
    for (const id of [UNKNOWN, SOME_ID, 'x', 'cus_01h455vb4pex5vsknk084sn02q']) {
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { domain: 'a.com' }],
        ['DELETE', '', undefined],
        ['GET', '/keys', undefined],
        ['POST', '/keys', { name: 'x', scopes: ['*'] }],
        ['DELETE', `/keys/${SOME_ID}`, undefined],
      ] as const) {
        const reply = await admin(method, `${CLIENTS}/${id}${path}`, body);
        expect([reply.status, reply.body.error]).toEqual([404, 'Client not found']);
      }
    }
  });
});
