import { beforeAll, describe, expect, it } from '@jest/globals';
import { call, given as givenOn, type Reply } from '../../support/given.js';
import { expectChallenge, layerApp, type LayerApp } from '../../support/layer.js';
import { useServer } from '../../support/server.js';
import { layerOperations } from '../../support/truth.js';

const server = useServer();
let app: LayerApp;
beforeAll(async () => {
  app = await layerApp(() => server, await given.client({ allowed_subdomains: ['app'] }));
});
const given = givenOn(() => server);

const namesIn = (list: string | null): string[] => (list ?? '').split(',').map((name) => name.trim());
/** Holds that the page at `origin` may read the answer, as an SDK asks for it. */
function expectReadable({ headers }: Reply, origin: string): void {
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-credentials')).toBe('true');
  expect(namesIn(headers.get('vary'))).toContain('Origin');
  expect(namesIn(headers.get('access-control-expose-headers'))).toEqual(
    expect.arrayContaining(['Layer-Count', 'Link', 'Location', 'X-Request-Id', 'Retry-After']),
  );
}

describe('A preflight', () => {
  const preflight = (path: string, origin: string): Promise<Reply> =>
    call(`${server.url}/layer${path}`, 'OPTIONS', undefined, { origin, 'access-control-request-method': 'PATCH' });

  it.each(['', '/', '/nonces', '/conversations/x', '/nowhere'])('for %j is answered', async (path) => {
    const reply = await preflight(path, 'https://example.com');
    expect([reply.status, reply.text]).toEqual([204, '']);
    expectReadable(reply, 'https://example.com');
    expect(namesIn(reply.headers.get('access-control-allow-headers'))).toEqual(
      expect.arrayContaining([
        ...['accept', 'authorization', 'content-type', 'layer-xdk-version', 'client-id', 'x-http-method-override'],
        ...['upload-content-type', 'upload-content-length', 'upload-origin'],
      ]),
    );
    expect(reply.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('names every method that there is', async () => {
    const { headers } = await preflight('/conversations', 'https://example.com');
    const methods = [...new Set(layerOperations.map(({ method }) => method))];
    expect(namesIn(headers.get('access-control-allow-methods'))).toEqual(expect.arrayContaining(['HEAD', ...methods]));
  });

  it('is none without an Origin', async () => {
    const headers = { 'access-control-request-method': 'POST' };
    const reply = await call(`${server.url}/layer/nonces`, 'OPTIONS', undefined, headers);
    expect([reply.status, reply.headers.has('access-control-allow-origin')]).toEqual([406, false]);
  });
});

describe('An answer', () => {
  it('may be read by the client’s pages', async () => {
    const jane = await app.session('jane');
    for (const origin of ['https://example.com', 'http://app.example.com:8080']) {
      const reply = await jane.send('GET', '/identities', undefined, { origin });
      expect(reply.status).toBe(200);
      expectReadable(reply, origin);
    }
  });

  it('may be read by every page where nobody has said who it is, also the one that says how', async () => {
    const origin = 'https://anybody.example';
    for (const [method, path] of [
      ['POST', '/nonces'],
      ['GET', '/'],
      ['GET', '/ping'],
      ['GET', '/nowhere'],
    ] as const) {
      expectReadable(await app.send(method, path, undefined, { origin }), origin);
    }
    const challenge = await app.send('GET', '/identities', undefined, { origin });
    expectChallenge(challenge);
    expectReadable(challenge, origin);
  });

  it('names nobody where no page asks, and never sets a cookie', async () => {
    const reply = await call(`${server.url}/layer/ping`, 'GET');
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    const jane = await app.session('jane');
    expect((await jane.send('GET', '/identities')).headers.getSetCookie()).toEqual([]);
  });

  it('of the core is as it was', async () => {
    const reply = await app.client.send('GET', '/api/v1/customers');
    expect(reply.headers.has('access-control-allow-credentials')).toBe(false);
    expect(namesIn(reply.headers.get('access-control-expose-headers'))).not.toContain('Layer-Count');
  });
});
