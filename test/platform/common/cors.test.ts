import { describe, expect, it } from '@jest/globals';
import { makeKey } from '../../../src/clients/key-format.js';
import { call, given as givenOn, type Reply } from '../../support/given.js';
import { startServer, useServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';
import { operations } from '../../support/truth.js';

const server = useServer(() => startServer({ RATE_LIMIT: '100', TRUST_PROXY: '1' }));
const given = givenOn(() => server);

const corsHeadersOf = ({ headers }: Reply): string[] =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));
const namesIn = (list: string | null): string[] => (list ?? '').split(',').map((name) => name.trim());
const preflight = (path: string, headers: Record<string, string>): Promise<Reply> =>
  call(`${server.url}${path}`, 'OPTIONS', undefined, headers);

describe('A preflight', () => {
  it.each(['https://example.com', 'https://anybody.example:8443', 'null'])('is answered for %s', async (origin) => {
    const reply = await preflight('/api/v1/messages', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-public-key,content-type,idempotency-key,x-request-id',
    });
    expect(reply.status).toBe(204);
    expect(reply.text).toBe('');
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin);
    expect(namesIn(reply.headers.get('vary'))).toContain('Origin');
    expect(namesIn(reply.headers.get('access-control-allow-headers'))).toEqual([
      'authorization',
      'x-public-key',
      'content-type',
      'idempotency-key',
      'x-request-id',
      'x-workspace-id',
    ]);
    expect(reply.headers.has('access-control-allow-credentials')).toBe(false);
    expect(reply.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('names every method that a page may use', async () => {
    const used = operations.filter(({ path }) => path.startsWith('/api/v1/')).map(({ method }) => method);
    const reply = await preflight('/api/v1/customers', {
      origin: 'https://example.com',
      'access-control-request-method': 'GET',
    });
    expect(namesIn(reply.headers.get('access-control-allow-methods')).sort()).toEqual([...new Set(used)].sort());
  });

  it('is none without an Origin or a method that is asked for', async () => {
    for (const [name, value] of [
      ['origin', 'https://example.com'],
      ['access-control-request-method', 'POST'],
    ] as const) {
      const reply = await preflight('/api/v1/messages', { [name]: value });
      expect(reply.status).toBe(405);
      expect(corsHeadersOf(reply)).toEqual([]);
    }
  });
});

describe('An answer', () => {
  const EXPOSED = [
    'X-Request-Id',
    'Idempotent-Replayed',
    'Retry-After',
    'X-RateLimit-Limit',
    'X-RateLimit-Remaining',
    'X-RateLimit-Reset',
  ];

  it('may be read by the page whose Origin passed, with every header by name', async () => {
    const acme = await given.client({ allowed_subdomains: ['app'] });
    for (const origin of ['https://example.com', 'http://app.example.com:3000']) {
      const reply = await acme.send('GET', '/api/v1/customers', undefined, { origin });
      expect(reply.status).toBe(200);
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin);
      expect(namesIn(reply.headers.get('vary'))).toContain('Origin');
      expect(namesIn(reply.headers.get('access-control-expose-headers'))).toEqual(EXPOSED);
      expect(corsHeadersOf(reply)).toEqual(['access-control-allow-origin', 'access-control-expose-headers']);
    }
  });

  it('may be read where it is a refusal too, once the Origin has passed', async () => {
    const narrow = await given.client({ scopes: ['messages:read'] });
    const acme = await given.client();
    const fenced = await given.client({ allowed_ips: ['192.0.2.1'] });
    const replies = [
      await narrow.send('GET', '/api/v1/customers'),
      await fenced.send('GET', '/api/v1/customers'),
      await acme.send('POST', '/api/v1/customers', {}),
      await acme.send('GET', '/api/v1/customers/x'),
      await acme.send('POST', '/api/v1/customers', {}, { 'idempotency-key': '' }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 422, 404, 400]);
    for (const reply of replies) {
      expect(reply.headers.get('access-control-allow-origin')).toBe('https://example.com');
      expect(namesIn(reply.headers.get('access-control-expose-headers'))).toEqual(EXPOSED);
    }
  });

  it('to a 401 may be read by no page', async () => {
    const acme = await given.client();
    const wrong: Array<Record<string, string>> = [
      { authorization: '' },
      { 'x-public-key': makeKey('pk', false) },
      { authorization: `Bearer ${makeKey('sk', false)}` },
      { origin: 'https://evil.com' },
      { origin: 'null' },
    ];
    for (const headers of wrong) {
      const reply = await acme.send('GET', '/api/v1/customers', undefined, headers);
      expect(reply.status).toBe(401);
      expect(corsHeadersOf(reply)).toEqual([]);
    }
  });

  it('without an Origin, of the admin API or about health carries none', async () => {
    // Its domain is the very Host that is asked, so it needs no Origin.
    const { origin, ...acme } = (await given.client({ domain: '127.0.0.1' })).headers as { origin: string };
    const admin = { authorization: `Bearer ${ADMIN_KEY}`, origin };
    const replies = [
      await call(`${server.url}/api/v1/customers`, 'GET', undefined, acme),
      await call(`${server.url}/admin/v1/clients?limit=1`, 'GET', undefined, admin),
      await call(`${server.url}/health/live`, 'GET', undefined, { origin }),
      await call(`${server.url}/nowhere`, 'GET', undefined, { origin }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
    for (const reply of replies) {
      expect(corsHeadersOf(reply)).toEqual([]);
    }
  });

  it('never sets a cookie', async () => {
    const acme = await given.client();
    const replies = [
      await acme.send('GET', '/api/v1/customers'),
      await acme.send('POST', '/api/v1/customers', {}),
      await call(`${server.url}/health/ready`, 'GET'),
    ];
    expect(replies.map(({ headers }) => headers.getSetCookie())).toEqual([[], [], []]);
  });
});
