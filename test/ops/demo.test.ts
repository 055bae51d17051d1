import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
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
