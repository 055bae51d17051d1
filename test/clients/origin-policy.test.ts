import { describe, expect, it } from '@jest/globals';
import { clientCreate } from '../support/client-create.js';
import { call, given as givenOn, testClient, type Reply, type TestClient } from '../support/given.js';
import { useServer } from '../support/server.js';
import { ADMIN_KEY } from '../support/settings.js';

const CLIENTS = '/admin/v1/clients';
const SOME_ID = '018f0000-0000-7000-8000-000000000000';

const server = useServer();
const given = givenOn(() => server);

const admin = (method: string, path: string, body?: unknown): Promise<Reply> =>
  call(server.url + path, method, body, { authorization: `Bearer ${ADMIN_KEY}` });
/** Without an Origin where `undefined`; the Host is never the client's. */
function ask({ headers }: Pick<TestClient, 'headers'>, origin?: string): Promise<Reply> {
  const { origin: _, ...rest } = headers;
  return call(`${server.url}/api/v1/customers/active`, 'GET', undefined, { ...rest, ...(origin ? { origin } : {}) });
}

describe('A request without an Origin', () => {
  it('is 401 by default, in the contract’s words, and is told what to do', async () => {
    const { status, body, headers } = await ask(await given.client());
    expect([status, body.error]).toEqual([401, 'Unauthorized - Missing Origin header']);
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_request", error_description="[\x20-\x7e]+"$/,
    );
    expect(headers.get('www-authenticate')).toContain('origin_policy');
    const wrong = await ask(await given.client(), 'https://evil.example');
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('passes where the client’s origin_policy is if_present; a wrong one is refused still', async () => {
    const acme = await given.client({ origin_policy: 'if_present' });
    expect((await ask(acme)).status).toBe(200);
    expect((await ask(acme, 'https://example.com')).status).toBe(200);
    const wrong = await ask(acme, 'https://evil.example');
    expect([wrong.status, wrong.body.error]).toEqual([401, 'Unauthorized - Invalid origin domain']);
  });

  it('passes in a customer’s session, whatever the client’s policy is; a wrong one is refused still', async () => {
    const acme = await given.client();
    const john = await given.customer(acme);
    const { headers } = await given.session(acme, john);
    const own = (extra: Record<string, string>): Promise<Reply> =>
      call(`${server.url}/api/v1/customers/${john.id}`, 'GET', undefined, {
        authorization: headers.authorization!,
        ...extra,
      });
    expect((await own({})).status).toBe(200);
    expect((await own({ origin: 'https://evil.example' })).status).toBe(401);
  });
});

describe('The origin_policy', () => {
  it('is the operator’s to see and to change, at once here', async () => {
    const { body } = await admin('POST', CLIENTS, { name: 'A', domain: 'a.com' });
    expect(body.origin_policy).toBe('required');
    const acme = testClient(server.url, SOME_ID, body.public_key, body.secret_key);
    expect((await ask(acme)).status).toBe(401);
    const change = (part: object): Promise<Reply> => admin('PATCH', `${CLIENTS}/${body.id}`, part);
    expect((await change({ origin_policy: 'if_present' })).body.origin_policy).toBe('if_present');
    expect((await ask(acme)).status).toBe(200);
    expect((await change({ domain: 'b.com' })).body.origin_policy).toBe('if_present');
    expect((await change({ origin_policy: null })).body.origin_policy).toBe('if_present');
    for (const wrong of ['never', '', 1, true]) {
      const refused = await change({ origin_policy: wrong });
      expect([refused.status, Object.keys(refused.body.errors ?? {})]).toEqual([422, ['origin_policy']]);
    }
    const own = await call(`${server.url}/api/v1/client/${body.id}`, 'GET', undefined, {
      ...acme.headers,
      origin: 'https://b.com',
    });
    expect(own.status).toBe(200);
    expect(own.body).not.toHaveProperty('origin_policy');
    const made = await admin('POST', CLIENTS, { name: 'A', domain: 'a.com', origin_policy: 'if_present' });
    expect(made.body.origin_policy).toBe('if_present');
  });

  it('is an option of client:create', async () => {
    const args = ['--name', 'Acme', '--domain', 'acme.com', '--origin-policy'];
    const { code, out } = await clientCreate([...args, 'if_present', '--json']);
    expect(code).toBe(0);
    const { public_key, secret_key } = JSON.parse(out) as Record<string, string>;
    expect((await ask(testClient(server.url, SOME_ID, public_key!, secret_key!))).status).toBe(200);
    const wrong = await clientCreate([...args, 'sometimes']);
    expect([wrong.code, wrong.error]).toEqual([1, 'The origin_policy field must be one of required, if_present.\n']);
  });
});
