import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type TestClient } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { exchangeOne } from '../support/raw-http.js';
import { useServer } from '../support/server.js';
import { until } from '../support/until.js';

const server = useServer();
let acme: TestClient;
let logging: ServerProcess;
beforeAll(async () => {
  acme = await givenOn(() => server).client();
  logging = await startProcess({ DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'info', ROLE: 'web' });
});
afterAll(async () => {
  await logging.end('SIGTERM');
});

/** The line about a request, from its method on. */
const lineAbout = (id: string): Promise<string> =>
  until(() => new RegExp(`method=.* request_id=${id} .*`).exec(logging.output())?.[0]);

describe('At LOG_LEVEL=info each request has one line', () => {
  it.each<[string, string, string, unknown, (headers: Record<string, string>) => Record<string, string>, string]>([
    [
      'that was answered',
      'GET',
      '/api/v1/customers?external_id=secret',
      undefined,
      (own) => own,
      'method=GET route=/api/v1/customers status=200',
    ],
    [
      'about a value in its path',
      'GET',
      '/api/v1/customers/secret',
      undefined,
      (own) => own,
      'method=GET route=/api/v1/customers/:id status=404',
    ],
    [
      'with wrong fields',
      'POST',
      '/api/v1/customers',
      { email: 'secret' },
      (own) => own,
      'method=POST route=/api/v1/customers status=422',
    ],
    ['from nobody', 'GET', '/api/v1/customers', undefined, () => ({}), 'method=GET route=/api/v1/customers status=401'],
    [
      'refused before it is routed',
      'POST',
      '/api/v1/customers',
      '{',
      (own) => own,
      'method=POST route=/api/v1/customers status=400',
    ],
    ['to nowhere', 'GET', '/secret', undefined, (own) => own, 'method=GET route=- status=404'],
    ['with another method', 'DELETE', '/api/v1/customers', undefined, (own) => own, 'method=DELETE route=- status=405'],
  ])('%s', async (_, method, path, body, headers, line) => {
    const id = `req-${randomUUID()}`;
    const answer = await fetch(logging.url + path, {
      method,
      headers: { ...headers(acme.headers), 'content-type': 'application/json', 'x-request-id': id },
      body: typeof body === 'object' ? JSON.stringify(body) : (body as string | undefined),
    });
    await answer.text();
    const asked = answer.status === 200 || answer.status === 404 || answer.status === 422;
    const client = asked && !line.includes('route=-') ? acme.id : '-';
    const found = await lineAbout(id);
    expect(found.replace(/ ms=\d+ bytes=\d+/, '')).toBe(`${line} request_id=${id} client_id=${client}`);
    expect(logging.output().split(id)).toHaveLength(2);
  });

  it('that could not be read', async () => {
    const { headers } = await exchangeOne(Number(new URL(logging.url).port), 'GET / HTTP/9\r\n\r\n');
    expect(await lineAbout(headers.get('x-request-id')!)).toMatch(/^method=- route=- status=400 ms=0 bytes=\d+ /);
  });

  afterAll(() => {
    const lines = logging
      .output()
      .split('\n')
      .filter((line) => line.includes('method='));
    expect(lines.filter((line) => /secret|sk_|pk_/.test(line))).toEqual([]);
  });
});
