import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { IdentitiesService } from '../../../src/dialects/layer/identities/identities.service.js';
import { LAYER_ERRORS, type LayerErrorId } from '../../../src/dialects/layer/layer-refusal.js';
import { accepted, call, given as givenOn, type Reply } from '../../support/given.js';
import { ACCEPT, expectLayerError, layerApp, type LayerApp, type LayerSession } from '../../support/layer.js';
import { exchangeOne, wire, type HeaderLine } from '../../support/raw-http.js';
import { expectMissing } from '../../support/refused.js';
import { startServer, useServer } from '../../support/server.js';

const server = useServer(startServer);
let app: LayerApp;
let me: LayerSession;
beforeAll(async () => {
  app = await layerApp(() => server, await given.client());
  me = await app.session('me');
});
const given = givenOn(() => server);

const post = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  me.send('POST', '/following/users', body, headers);

it('docs/layer.md lists every error with its code and its status', () => {
  const page = readFileSync(new URL('../../../docs/layer.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\d+) +\| (\d+) +\| \S/gm)];
  expect(rows.map(([, id, code, status]) => [id, Number(code), Number(status)])).toEqual(
    Object.entries(LAYER_ERRORS).map(([id, { code, status }]) => [id, code, status]),
  );
});

describe('Whatever goes wrong under /layer is an error of Layer’s', () => {
  it.each<[string, LayerErrorId, object | undefined, () => Promise<Reply>]>([
    ['an unknown path', 'invalid_endpoint', undefined, () => me.send('GET', '/nowhere')],
    ['an unknown path below', 'invalid_endpoint', undefined, () => me.send('GET', '/identities/a/b')],
    ['an unknown path, to nobody', 'invalid_endpoint', undefined, () => app.send('DELETE', '/nowhere')],
    ['a path that can’t be decoded', 'invalid_request', undefined, () => me.send('GET', '/identities/%E0%A4%A')],
    ['another method', 'method_not_allowed', undefined, () => me.send('DELETE', '/nonces')],
    ['what is not there', 'not_found', undefined, () => me.send('GET', '/identities/nobody')],
    ['malformed JSON', 'invalid_request', undefined, () => post('{')],
    ['bytes that are no UTF-8', 'invalid_request', undefined, () => post(Uint8Array.of(0x5b, 0xff, 0x5d))],
    ['a body that is too large', 'invalid_request', undefined, () => post(['x'.repeat(256 * 1024)])],
    [
      'a body of another type',
      'invalid_header',
      { header: 'Content-Type' },
      () => post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    [
      'too many headers',
      'invalid_request',
      undefined,
      () =>
        me.send('GET', '/', undefined, Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`x-${at}`, 'x']))),
    ],
  ])('%s', async (_, id, data, send) => {
    const reply = await send();
    expectLayerError(reply, id, data);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('also a fault of ours, which shows nothing of why', async () => {
    server.app.useLogger(false);
    const failure = jest
      .spyOn(server.get<IdentitiesService>('IdentitiesService'), 'get')
      .mockRejectedValueOnce(new Error('SELECT * FROM customers at /srv/app/customers.ts:1'));
    const reply = await me.send('GET', '/identities/me');
    failure.mockRestore();
    expectLayerError(reply, 'internal_server_error');
    expect(reply.text).not.toContain('customers');
  });

  it('also what is never read to its end', async () => {
    const lines: HeaderLine[] = [...Object.entries(me.headers), ['Content-Type', 'application/json']];
    const chunked = wire('POST', '/layer/following/users', [...lines, ['Transfer-Encoding', 'chunked']], 'zz\r\n');
    expectLayerError(await exchangeOne(server.port, chunked), 'invalid_request');
    const slow = await startServer();
    const http: Server = slow.app.getHttpServer();
    [http.headersTimeout, http.requestTimeout] = [1_000, 1_000];
    const half = wire('POST', '/layer/following/users', [...lines, ['Content-Length', '10']], '[');
    expectLayerError(await exchangeOne(slow.port, half), 'request_timeout');
    await slow.stop();
  });

  it('and nothing beside it changes', async () => {
    for (const path of ['/layerx', '/layer-', '/Layer', '/api/v1/layer']) {
      expectMissing(await call(`${server.url}${path}`, 'GET', undefined, { accept: ACCEPT }), 'Route not found');
    }
  });

  it('names what methods there are', async () => {
    const { headers } = await me.send('PATCH', '/following/users/me');
    expect(headers.get('allow')).toBe('DELETE, GET, HEAD, PUT');
  });
});

describe('Accept', () => {
  const ask = (accept: string): Promise<Reply> => me.send('GET', '/identities', undefined, { accept });

  it.each([
    'application/vnd.layer+json; version=2.0',
    'application/vnd.layer+json;version=3.0',
    'Application/Vnd.Layer+JSON; Version="3.0"',
    'text/html, application/vnd.layer+json; version=3.0; q=0.5, */*',
  ])('may be %s', async (accept) => expect((await ask(accept)).status).toBe(200));

  it.each([
    '',
    '*/*',
    'application/json',
    'application/vnd.layer+json',
    'application/vnd.layer+json; version=1.0',
    'application/vnd.layer+json; version=3.05',
    'application/vnd.layer+jsonx; version=3.0',
    'xapplication/vnd.layer+json; version=3.0',
  ])('must not be %j', async (accept) => {
    expectLayerError(await ask(accept), 'invalid_header', { header: 'Accept' });
  });

  it('is asked of everybody', async () => {
    for (const [method, path] of [
      ['POST', '/nonces'],
      ['POST', '/sessions'],
      ['GET', '/'],
      ['GET', '/nowhere'],
    ] as const) {
      const answer = await app.send(method, path, undefined, { accept: '*/*' });
      expectLayerError(answer, 'invalid_header', { header: 'Accept' });
    }
  });
});

describe('X-HTTP-Method-Override', () => {
  const instead = (method: string, path: string, by = 'POST'): Promise<Reply> =>
    me.send(by, path, undefined, { 'x-http-method-override': method });

  it('makes another method of a POST', async () => {
    await app.session('jane');
    const follows = async (): Promise<number> => (await me.send('GET', '/following/users/jane')).status;
    expect((await instead('PUT', '/following/users/jane')).status).toBe(204);
    expect(await follows()).toBe(204);
    expect((await instead('delete', '/following/users/jane')).status).toBe(204);
    expect(await follows()).toBe(404);
  });

  it('makes no other method of anything else', async () => {
    accepted(await me.send('PUT', '/following/users/me'));
    expect((await instead('DELETE', '/following/users/me', 'GET')).status).toBe(204);
    expect((await me.send('GET', '/following/users/me')).status).toBe(204);
  });

  it.each(['GET', 'TRACE', 'PUT, DELETE', ''])('is never %j', async (method) => {
    const answer = await instead(method, '/following/users/me');
    expectLayerError(answer, 'invalid_header', { header: 'X-HTTP-Method-Override' });
  });

  it('means nothing beside /layer', async () => {
    const answer = await app.client.send('POST', '/api/v1/customers', {}, { 'x-http-method-override': 'DELETE' });
    expect(answer.status).toBe(422);
  });
});

describe('Who asks too often', () => {
  it('is told to wait, in Layer’s words', async () => {
    const narrow = await startServer({ RATE_LIMIT: '2', TRUST_PROXY: '1' });
    const own = await layerApp(() => narrow, await givenOn(() => narrow).client());
    const session = await own.session('me');
    const answers = await Promise.all(Array.from({ length: 20 }, () => session.send('GET', '/identities')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expectLayerError(refused[0]!, 'rate_limit_exceeded');
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const [path, body] of [
      ['/nonces', undefined],
      ['/sessions', { identity_token: 'x', app_id: own.appId }],
      ['/following/users', []],
    ] as const) {
      const address = { 'x-forwarded-for': `192.0.2.${path.length}` };
      const statuses = new Set<number>();
      for (let times = 0; times < 20 && !statuses.has(429); times += 1) {
        const batch = Array.from({ length: 40 }, () => own.send('POST', path, body, address));
        (await Promise.all(batch)).forEach(({ status }) => statuses.add(status));
      }
      expect([path, statuses.has(429)]).toEqual([path, true]);
    }
    await narrow.stop();
  });
});
