import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiKeysService } from '../../src/clients/api-keys.service.js';
import type { ClientsService } from '../../src/clients/clients.service.js';
import { makeKey } from '../../src/clients/key-format.js';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { accepted, call, given as givenOn, type Reply, type TestClient } from '../support/given.js';
import { docUrl } from '../support/refused.js';
import { startServer, type TestServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';

let server: TestServer;
let other: TestServer;
beforeAll(async () => {
  // As behind one proxy, so that a test can choose the address it comes from.
  server = await startServer({ TRUST_PROXY: '1' });
  other = await startServer();
});
afterAll(() => Promise.all([server.stop(), other.stop()]));
const given = givenOn(() => server);

type Headers = Record<string, string>;
const ask = (headers: Headers, path = '/api/v1/customers', to = server): Promise<Reply> =>
  call(`${to.url}${path}`, 'GET', undefined, headers);
const asks = async (client: TestClient, headers: Headers, path?: string): Promise<number> =>
  (await ask({ ...client.headers, ...headers }, path)).status;
const bearer = (secretKey: string): Headers => ({ authorization: `Bearer ${secretKey}` });
const without = ({ ...headers }: Headers, name: string): Headers => {
  delete headers[name];
  return headers;
};
/** By hand, because `fetch` chooses the Host itself. */
const askHost = (headers: Headers): Promise<[number | undefined, string]> =>
  new Promise((resolve, reject) => {
    const sent = request(`${server.url}/api/v1/customers`, { headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve([response.statusCode, (JSON.parse(text) as { error: string }).error]));
    });
    sent.on('error', reject).end();
  });
const keys = (): ApiKeysService => server.get<ApiKeysService>('ApiKeysService');
const UNAUTHORIZED = {
  none: 'Unauthorized - Missing or invalid Authorization header',
  noPublicKey: 'Unauthorized - Missing X-Public-Key header',
  publicKey: 'Unauthorized - Invalid public key',
  secretKey: 'Unauthorized - Invalid token for this client',
  expired: 'Unauthorized - Token expired',
  noOrigin: 'Unauthorized - Missing Origin header',
  origin: 'Unauthorized - Invalid origin domain',
};

function expectRefusal(reply: Reply, status: number, error: string): void {
  const code = status === 401 ? 'unauthorized' : 'forbidden';
  expect(reply.body).toEqual({ error, code, doc_url: docUrl(code), request_id: reply.headers.get('x-request-id') });
  expect(reply.status).toBe(status);
  expect(reply.headers.get('www-authenticate') ?? '').toMatch(status === 401 ? /^Bearer( |$)/ : /^$/);
}

describe('The nine checks', () => {
  it('answer in their order: of all that is wrong, the first', async () => {
    const acme = await given.client({ allowed_ips: ['10.0.0.0/8'] });
    const soon = new Date(Date.now() + 300);
    const expired = await keys().create(acme.uuid, { name: 'old', scopes: ['messages:write'], expiresAt: soon });
    const narrow = await keys().create(acme.uuid, { name: 'narrow', scopes: ['messages:write'] });
    await sleep(400);
    const evil = { origin: 'https://evil.com', 'x-forwarded-for': '192.0.2.1' };
    const known = { 'x-public-key': acme.publicKey };
    const unknown = { 'x-public-key': makeKey('pk', false) };
    const here = { origin: 'https://example.com' };
    const rows: Array<readonly [Headers, number, string]> = [
      [evil, 401, UNAUTHORIZED.none],
      [{ ...evil, ...bearer(makeKey('sk', false)) }, 401, UNAUTHORIZED.noPublicKey],
      [{ ...evil, ...bearer(makeKey('sk', false)), ...unknown }, 401, UNAUTHORIZED.publicKey],
      [{ ...evil, ...bearer(makeKey('sk', false)), ...known }, 401, UNAUTHORIZED.secretKey],
      [{ ...evil, ...bearer(expired.secretKey), ...known }, 401, UNAUTHORIZED.expired],
      [{ ...without(evil, 'origin'), ...bearer(narrow.secretKey), ...known }, 401, UNAUTHORIZED.noOrigin],
      [{ ...evil, ...bearer(narrow.secretKey), ...known }, 401, UNAUTHORIZED.origin],
      [{ ...evil, ...bearer(narrow.secretKey), ...known, ...here }, 403, 'Forbidden - IP address not allowed'],
      [
        { ...bearer(narrow.secretKey), ...known, ...here, 'x-forwarded-for': '10.1.2.3' },
        403,
        'Forbidden - Missing scope: customers:read',
      ],
    ];
    for (const [headers, status, error] of rows) {
      // What is wrong with the request itself is never told before who asks.
      expectRefusal(await ask(headers), status, error);
      expectRefusal(await ask(headers, '/api/v1/customers?limit=0&what=1'), status, error);
    }
  });

  it('1: want exactly one Bearer token', async () => {
    const { headers, secretKey } = await given.client();
    for (const authorization of ['', 'Bearer', 'Bearer ', secretKey, `Basic ${secretKey}`, `Bearer ${secretKey} x`]) {
      expectRefusal(await ask({ ...headers, authorization }), 401, UNAUTHORIZED.none);
    }
    expect((await ask({ ...headers, authorization: `bearer ${secretKey}` })).status).toBe(200);
    const twice = { ...headers, host: 'example.com', authorization: [`Bearer ${secretKey}`, `Bearer ${secretKey}`] };
    expect(await askHost(twice as never)).toEqual([401, UNAUTHORIZED.none]);
  });

  it('2 and 3: want the public key of a client that is not disabled', async () => {
    const acme = await given.client();
    const gone = await given.client();
    expectRefusal(await ask({ ...acme.headers, 'x-public-key': '' }), 401, UNAUTHORIZED.noPublicKey);
    expect(await asks(gone, {})).toBe(200);
    await server.get<ClientsService>('ClientsService').disable(gone.uuid);
    for (const publicKey of [makeKey('pk', true), acme.publicKey.slice(0, -1), acme.secretKey, 'x', gone.publicKey]) {
      const headers = publicKey === gone.publicKey ? gone.headers : { ...acme.headers, 'x-public-key': publicKey };
      expectRefusal(await ask(headers), 401, UNAUTHORIZED.publicKey);
    }
  });

  it('4: want a secret key of that very client', async () => {
    const [acme, umbrella] = [await given.client(), await given.client()];
    for (const key of [makeKey('sk', false), umbrella.secretKey, acme.publicKey, `${acme.secretKey}x`, 'x']) {
      expectRefusal(await ask({ ...acme.headers, ...bearer(key) }), 401, UNAUTHORIZED.secretKey);
    }
  });

  it('5: end with the key, even one in use', async () => {
    const acme = await given.client();
    const expiresAt = new Date(Date.now() + 700);
    const { secretKey } = await keys().create(acme.uuid, { name: 'short', scopes: ['*'], expiresAt });
    expect(await asks(acme, bearer(secretKey))).toBe(200);
    await sleep(800);
    expectRefusal(await ask({ ...acme.headers, ...bearer(secretKey) }), 401, UNAUTHORIZED.expired);
  });
});

describe('The Origin', () => {
  it('is one of the domain, whatever its scheme, port and case', async () => {
    const acme = await given.client();
    for (const origin of [
      'https://example.com',
      'http://example.com:8080',
      'https://EXAMPLE.com',
      'app://example.com',
    ]) {
      expect(await asks(acme, { origin })).toBe(200);
    }
    const wrong = [
      'evil-example.com',
      'example.com.evil.com',
      'api.example.com',
      'example.com@evil.com',
      'com',
      'x/example.com',
    ];
    for (const origin of ['null', '', 'example.com', ...wrong.map((host) => `https://${host}`)]) {
      expectRefusal(await ask({ ...acme.headers, origin }), 401, UNAUTHORIZED.origin);
    }
  });

  it('is compared as punycode', async () => {
    const german = await given.client({ domain: 'Bücher.example' });
    expect(await asks(german, { origin: 'https://xn--bcher-kva.example' })).toBe(200);
    expect(await asks(german, { origin: 'https://bucher.example' })).toBe(401);
  });

  it.each<[string[], number, number, number]>([
    [[], 401, 401, 401],
    [['api', 'app'], 200, 401, 401],
    [['*'], 200, 200, 200],
  ])('may be of a sub-domain among %j', async (allowedSubdomains, api, web, deep) => {
    const acme = await given.client({ allowed_subdomains: allowedSubdomains });
    expect(await asks(acme, { origin: 'https://example.com' })).toBe(200);
    expect(await asks(acme, { origin: 'https://api.example.com' })).toBe(api);
    expect(await asks(acme, { origin: 'https://web.example.com' })).toBe(web);
    expect(await asks(acme, { origin: 'https://a.api.example.com' })).toBe(deep);
    expect(await asks(acme, { origin: 'https://apiexample.com' })).toBe(401);
  });

  it('is stood in for by the Host where there is none, and only there', async () => {
    const acme = await given.client({ allowed_subdomains: ['api'] });
    const bare = without(acme.headers, 'origin');
    for (const host of ['example.com', 'example.com:3000', 'API.example.com']) {
      expect(await askHost({ ...bare, host })).toEqual([200, undefined]);
    }
    for (const host of ['evil.com', '127.0.0.1', 'web.example.com', 'example.com.evil.com', 'evil.com@example.com:x']) {
      expect(await askHost({ ...bare, host })).toEqual([401, UNAUTHORIZED.noOrigin]);
    }
    const both = { ...bare, host: 'example.com', origin: 'https://evil.com' };
    expect(await askHost(both)).toEqual([401, UNAUTHORIZED.origin]);
  });
});

describe('allowed_ips', () => {
  it.each<[string[], string[], string[]]>([
    [[], ['192.0.2.1', '2001:db8::1'], []],
    [['192.0.2.1'], ['192.0.2.1', '::ffff:192.0.2.1'], ['192.0.2.2', '2001:db8::1']],
    [
      ['10.0.0.0/8', '192.0.2.1'],
      ['10.255.255.255', '192.0.2.1'],
      ['11.0.0.0', '9.255.255.255'],
    ],
    [['2001:db8::1'], ['2001:db8::1', '2001:DB8:0:0::1'], ['2001:db8::2', '192.0.2.1']],
    [['2001:db8::/32'], ['2001:db8:ffff::1'], ['2001:db9::1', '::ffff:192.0.2.1']],
  ])('%j', async (allowedIps, inside, outside) => {
    const acme = await given.client({ allowed_ips: allowedIps });
    for (const address of inside) {
      expect([address, await asks(acme, { 'x-forwarded-for': address })]).toEqual([address, 200]);
    }
    for (const address of [...outside, ...(allowedIps.length ? ['unknown'] : [])]) {
      const reply = await ask({ ...acme.headers, 'x-forwarded-for': address });
      expectRefusal(reply, 403, 'Forbidden - IP address not allowed');
    }
  });

  it('means the peer itself where no proxy is trusted', async () => {
    const acme = await given.client({ allowed_ips: ['192.0.2.1'] });
    const headers = { ...acme.headers, 'x-forwarded-for': '192.0.2.1' };
    expectRefusal(await ask(headers, undefined, other), 403, 'Forbidden - IP address not allowed');
    const local = await given.client({ allowed_ips: ['127.0.0.0/8'] });
    expect((await ask(local.headers, undefined, other)).status).toBe(200);
  });
});

describe('A key', () => {
  const revoke = (client: TestClient, keyId: string): Promise<Reply> =>
    call(`${server.url}/admin/v1/clients/${client.id}/keys/${keyId}`, 'DELETE', undefined, bearer(ADMIN_KEY));
  /** Asks without a pause, so that a use never keeps a revoked key alive; the milliseconds until it is refused. */
  const untilRefused = async (headers: Headers, error: string): Promise<number> => {
    const start = performance.now();
    for (;;) {
      const reply = await ask(headers, undefined, other);
      const passed = performance.now() - start;
      if (reply.status !== 200 || passed > 40_000) {
        expectRefusal(reply, 401, error);
        return passed;
      }
      await sleep(50);
    }
  };

  it('that is revoked stops at once here and within five seconds in another server', async () => {
    const acme = await given.client();
    const { key, secretKey } = await keys().create(acme.uuid, { name: 'leaked', scopes: ['*'] });
    const headers = { ...acme.headers, ...bearer(secretKey) };
    expect((await ask(headers, undefined, other)).status).toBe(200);
    expect((await ask(headers)).status).toBe(200);
    expect((await revoke(acme, formatId('api_key', key.id))).status).toBe(200);
    expectRefusal(await ask(headers), 401, UNAUTHORIZED.secretKey);
    expect(await untilRefused(headers, UNAUTHORIZED.secretKey)).toBeLessThan(30_000);
    expect(await asks(acme, {})).toBe(200);
  });

  it('stops with its client, everywhere within five seconds', async () => {
    const acme = await given.client();
    expect((await ask(acme.headers, undefined, other)).status).toBe(200);
    expect(
      (await call(`${server.url}/admin/v1/clients/${acme.id}`, 'DELETE', undefined, bearer(ADMIN_KEY))).status,
    ).toBe(200);
    expectRefusal(await ask(acme.headers), 401, UNAUTHORIZED.publicKey);
    expect(await untilRefused(acme.headers, UNAUTHORIZED.publicKey)).toBeLessThan(30_000);
  });

  it('says whether it is a test or a live one, and so does all it makes', async () => {
    for (const livemode of [false, true]) {
      const acme = await given.client({ livemode });
      const mode = livemode ? 'live' : 'test';
      expect(acme.secretKey).toMatch(new RegExp(`^sk_${mode}_`));
      expect(acme.publicKey).toMatch(new RegExp(`^pk_${mode}_`));
      const { john, channel } = await given.pair(acme);
      const message = await given.message(acme, channel, john);
      const client = await acme.send('GET', `/api/v1/client/${acme.id}`);
      expect([john, channel, message, client.body].map((one) => one.livemode)).toEqual(Array(4).fill(livemode));
    }
  });

  it('notes when it was last used, and only then', async () => {
    const acme = await given.client();
    const list = async () =>
      (await call(`${server.url}/admin/v1/clients/${acme.id}/keys`, 'GET', undefined, bearer(ADMIN_KEY))).body;
    expect((await ask({ ...acme.headers, origin: 'https://evil.com' })).status).toBe(401);
    expect((await list()).data[0].last_used_at).toBeNull();
    const before = Math.floor(Date.now() / 1000);
    accepted(await acme.send('GET', '/api/v1/customers'));
    let [key] = (await list()).data;
    for (let tries = 0; tries < 40 && key.last_used_at === null; tries += 1) {
      await sleep(25);
      [key] = (await list()).data;
    }
    expect(key.last_used_at).toBeGreaterThanOrEqual(before);
  });
});
