import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { keepDemoKeys } from '../../src/ops/demo/demo-keys.js';
import { startServer, type TestServer } from '../support/server.js';

type Headers = Record<string, string>;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** What comes of asking for the demo's page and for the two who talk in it. */
async function ask(env: Record<string, string>, headers: Headers): Promise<number[]> {
  server = await startServer(env);
  const { port } = server;
  return Promise.all([statusOf(port, 'GET', '/demo', headers), statusOf(port, 'POST', '/demo/scene', headers)]);
}

/** With any Host, which fetch takes none of. */
async function statusOf(port: number, method: string, path: string, headers: Headers): Promise<number> {
  const asked = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: { host: 'localhost', ...headers },
    agent: false,
  });
  const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode!;
}

const DATABASE_URL = process.env.TEST_DATABASE_URL!;

describe('The demo, in which anybody may be anybody, is served', () => {
  it.each<[string, Record<string, string>, Headers]>([
    ['to this machine', {}, {}],
    ['to this machine by its address', {}, { host: '127.0.0.1:3000' }],
    ['to everybody with DEMO=on', { DEMO: 'on', DATABASE_URL }, { 'x-forwarded-for': '192.0.2.1' }],
  ])('%s', async (_, env, headers) => {
    const [page, scene] = await ask(env, headers);
    expect([page === 302 || page === 200, scene]).toEqual([true, 200]);
  });

  it.each<[string, Record<string, string>, Headers]>([
    ['on a database of your own', { DATABASE_URL }, {}],
    ['in production', { NODE_ENV: 'production' }, {}],
    ['with DEMO=off', { DEMO: 'off' }, {}],
    ['through a proxy on this machine', {}, { 'x-forwarded-for': '127.0.0.1' }],
    ['through one that says it in the newer way', {}, { forwarded: 'for=127.0.0.1' }],
    ['to a page whose name was made to lead here', {}, { host: 'evil.example' }],
  ])('but not %s', async (_, env, headers) => {
    expect(await ask(env, headers)).toEqual([404, 404]);
  });
});

describe('The keys of the demo client are filled in, and the phones may be played', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parlance-demo-'));
  const keys = { public_key: 'pk_test_x', secret_key: 'sk_test_x' };
  beforeAll(() => keepDemoKeys(dataDir, keys));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  /** Whether they are told, and whether Swagger UI asks for them and may keep what it has. */
  const look = async (env: Record<string, string>, headers: Headers) => {
    server = await startServer({ DATA_DIR: dataDir, ...env });
    const [page, script] = await Promise.all(
      ['/docs', '/docs/swagger-ui-init.js'].map(async (path) => (await fetch(server!.url + path)).text()),
    );
    return {
      status: await statusOf(server.port, 'POST', '/demo/keys', headers),
      phones: await statusOf(server.port, 'POST', '/demo/phones/scene', headers),
      asks: page!.includes('/demo/prefill.js'),
      keeps: script!.includes('"persistAuthorization": true'),
    };
  };

  it('on this machine, by the name that is in its domain', async () => {
    expect(await look({}, {})).toEqual({ status: 200, phones: 200, asks: true, keeps: true });
  });

  it.each<[string, Headers, Record<string, string>?]>([
    ['by an address', { host: '127.0.0.1:3000' }],
    ['through a proxy on this machine', { 'x-forwarded-for': '127.0.0.1' }],
    ['to a page whose name was made to lead here', { host: 'evil.example' }],
    ['to somebody else with DEMO=on', { 'x-forwarded-for': '192.0.2.1' }, { DEMO: 'on' }],
  ])('but not %s', async (_, headers, env = {}) => {
    expect(await look(env, headers)).toMatchObject({ status: 404, phones: 404 });
  });

  it.each<[string, Record<string, string>]>([
    ['on a database of your own', { DATABASE_URL, DEMO: 'local' }],
    ['on one that everybody may see', { DATABASE_URL, DEMO: 'on' }],
    ['in production', { NODE_ENV: 'production', DEMO: 'local' }],
    ['in production that everybody may see', { NODE_ENV: 'production', DEMO: 'on' }],
    ['with DEMO=off', { DEMO: 'off' }],
  ])('nor %s, where a browser keeps none either', async (_, env) => {
    expect(await look(env, {})).toEqual({ status: 404, phones: 404, asks: false, keeps: false });
  });
});
