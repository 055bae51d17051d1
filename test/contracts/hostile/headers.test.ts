import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiKeysService } from '../../../src/clients/api-keys.service.js';
import type { ClientsRepository } from '../../../src/clients/clients.repository.js';
import { makeKey } from '../../../src/clients/key-format.js';
import { given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectRefused, expectSane, linesOf } from '../../support/hostile.js';
import { exchange, exchangeOne, wire, type HeaderLine } from '../../support/raw-http.js';
import { startServer, useServer } from '../../support/server.js';

const server = useServer(startServer);
let acme: TestClient;
let umbrella: TestClient;
beforeAll(async () => {
  [acme, umbrella] = [await given.client(), await given.client({ livemode: true })];
});
const given = givenOn(() => server);

const PATH = '/api/v1/customers';
const NO_BEARER = 'Unauthorized - Missing or invalid Authorization header';
const ask = (...headers: HeaderLine[]): Promise<Reply> => exchangeOne(server.port, wire('GET', PATH, headers));
/** Acme's own request with this in place of the header of that name. */
const askWith = (name: string, ...values: string[]): Promise<Reply> =>
  ask(...linesOf(acme, name), ...values.map((value) => [name, value] as const));

describe('42: An Authorization that is no Bearer token', () => {
  it('is 401 and says how it should be', async () => {
    const { secretKey } = acme;
    const wrong = [
      '',
      'Bearer',
      'Bearer ',
      'Basic',
      `Basic ${secretKey}`,
      secretKey,
      `Bearer  ${secretKey}`,
      `Bearer\t${secretKey}`,
      `Bearer ${secretKey} x`,
      `Bearer ${secretKey}, Bearer x`,
      `Bearer=${secretKey}`,
      `bearer${secretKey}`,
    ];
    for (const reply of [
      await askWith('authorization'),
      ...(await Promise.all(wrong.map((one) => askWith('authorization', one)))),
    ]) {
      expectRefused(reply, 401, NO_BEARER);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('may write the scheme in any case', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect((await askWith('authorization', `${scheme} ${acme.secretKey}`)).status).toBe(200);
    }
  });
});

describe('A header given twice', () => {
  it('43: two Authorization are none', async () => {
    const good = `Bearer ${acme.secretKey}`;
    for (const values of [
      [good, good],
      [good, 'Bearer x'],
      ['Bearer x', good],
      ['', good],
    ]) {
      expectRefused(await askWith('authorization', ...values), 401, NO_BEARER);
    }
    const mixed = await ask(...linesOf(acme), ['AUTHORIZATION', good]);
    expectRefused(mixed, 401, NO_BEARER);
  });

  it('44: two X-Public-Key or two Origin are 401', async () => {
    for (const second of [acme.publicKey, umbrella.publicKey]) {
      expectRefused(await askWith('x-public-key', acme.publicKey, second), 401, 'Unauthorized - Invalid public key');
    }
    for (const second of ['https://example.com', 'https://evil.com']) {
      expectRefused(
        await askWith('origin', 'https://example.com', second),
        401,
        'Unauthorized - Invalid origin domain',
      );
    }
  });

  it('43: two Idempotency-Key are 400', async () => {
    const headers = [
      ...linesOf(acme),
      ['content-type', 'application/json'],
      ['idempotency-key', 'a'],
      ['idempotency-key', 'a'],
    ] as HeaderLine[];
    expectRefused(await exchangeOne(server.port, wire('POST', PATH, headers, '{}')), 400);
  });
});

describe('A pair of keys', () => {
  it('45: of two clients, kinds or modes is 401', async () => {
    const WRONG = 'Unauthorized - Invalid token for this client';
    const NOBODY = 'Unauthorized - Invalid public key';
    const revoked = await server.get<ApiKeysService>('ApiKeysService').create(acme.uuid, { name: 'x', scopes: ['*'] });
    await server.get<ApiKeysService>('ApiKeysService').revoke(acme.uuid, revoked.key.id);
    const rows: Array<[secret: string, publicKey: string, error: string]> = [
      [acme.secretKey, umbrella.publicKey, WRONG],
      [umbrella.secretKey, acme.publicKey, WRONG],
      [acme.publicKey, acme.publicKey, WRONG],
      [acme.secretKey, acme.secretKey, NOBODY],
      [acme.publicKey, acme.secretKey, NOBODY],
      [makeKey('sk', false), acme.publicKey, WRONG],
      [makeKey('sk', false), makeKey('pk', false), NOBODY],
      [acme.secretKey.replace('test', 'live'), acme.publicKey, WRONG],
      [acme.secretKey, acme.publicKey.replace('test', 'live'), NOBODY],
      [revoked.secretKey, acme.publicKey, WRONG],
    ];
    for (const [secret, publicKey, error] of rows) {
      const headers = { authorization: `Bearer ${secret}`, 'x-public-key': publicKey };
      expectRefused(await acme.send('GET', PATH, undefined, headers), 401, error);
    }
  });

  it('46: that is not even well formed is 401 without asking the database', async () => {
    const asked = jest.spyOn(server.get<ClientsRepository>('ClientsRepository'), 'findByKeys');
    const mistyped = (key: string): string => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    for (const key of [
      'x'.repeat(10_000),
      mistyped(acme.publicKey),
      'pk_test_',
      `${acme.publicKey}é`,
      `${acme.publicKey}\t`.trim() + 'x',
      '\x80\xff',
    ]) {
      expectRefused(await askWith('x-public-key', key), 401, 'Unauthorized - Invalid public key');
    }
    expect(asked).not.toHaveBeenCalled();
    for (const key of ['x'.repeat(10_000), mistyped(acme.secretKey), `${acme.secretKey}${acme.secretKey}`]) {
      expectRefused(
        await askWith('authorization', `Bearer ${key}`),
        401,
        'Unauthorized - Invalid token for this client',
      );
    }
    // The public key is looked up with no secret beside it.
    asked.mock.calls.forEach(([, secret]) => expect(secret).toBeNull());
    asked.mockRestore();
    expectRefused(await askWith('authorization', `Bearer ${acme.secretKey}\xe9`), 401, NO_BEARER);
    for (const key of [`${acme.publicKey}\0`, `${acme.publicKey}\rx`]) {
      expectRefused(await askWith('x-public-key', key), 400);
    }
    expect((await askWith('x-public-key', `${acme.publicKey}\r\nX-More: 1`)).status).toBe(200);
  });
});

describe('Headers beyond all measure', () => {
  it('48: of more than 16 KB are 431', async () => {
    expectRefused(await askWith('x-filler', 'x'.repeat(17_000)), 431, 'Request headers too large');
    const long = await exchangeOne(server.port, wire('GET', `/${'x'.repeat(17_000)}`, []));
    expectRefused(long, 431);
  });

  it('49: of more than a hundred lines are 431, however small', async () => {
    const fillers = (count: number): HeaderLine[] => Array.from({ length: count }, () => ['a', 'b']);
    const own = linesOf(acme).length + 1;
    expect((await ask(...linesOf(acme), ...fillers(100 - own))).status).toBe(200);
    for (const count of [101 - own, 1_500]) {
      expectRefused(await ask(...linesOf(acme), ...fillers(count)), 431);
      // Without keys too, and last: what comes after Node's limit would not be seen.
      expectRefused(await ask(...fillers(count), ...linesOf(acme)), 431);
    }
  });
});

const start = `GET ${PATH} HTTP/1.1\r\n`;
describe('50: A request that parsers may read differently is 400', () => {
  it.each([
    ['a NUL in a header', `${start}Host: a\r\nX: a\0b\r\n\r\n`],
    ['a NUL in the path', `GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['bare line feeds', `${start}Host: a\nX: b\n\n`],
    ['a bare carriage return', `${start}Host: a\rX: b\r\n\r\n`],
    ['a folded header', `${start}Host: a\r\nX: a\r\n b\r\n\r\n`],
    ['a space before the colon', `${start}Host : a\r\n\r\n`],
    ['a space in a name', `${start}Host: a\r\nX Y: b\r\n\r\n`],
    ['no Host', `${start}X: y\r\n\r\n`],
    [
      'length and chunks',
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
    ['a list of lengths', `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n{}`],
    ['a negative length', `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n`],
    ['an unknown method', `GRAB ${PATH} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['a method in lower case', `get ${PATH} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['another protocol', `GET ${PATH} HTTP/9.9\r\nHost: a\r\n\r\n`],
    ['no HTTP at all', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n`],
    [
      'chunks that are none',
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    ],
    [
      'an unknown transfer encoding',
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n`,
    ],
  ])('%s', async (_, text) => {
    const replies = await exchange(server.port, Buffer.from(text, 'latin1'), 2);
    expect(replies.map(({ status }) => status)).toEqual([400]);
    expectRefused(replies[0]!, 400);
    expect(replies[0]!.headers.get('connection')).toBe('close');
  });

  it('while a body in good chunks is read', async () => {
    const headers = [
      ...linesOf(acme),
      ['Content-Type', 'application/json'],
      ['Transfer-Encoding', 'chunked'],
    ] as HeaderLine[];
    const body = '10;x=y\r\n{"name":"x","ema\r\n10\r\nil":"no address"\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n';
    const reply = await exchangeOne(server.port, wire('POST', PATH, headers, body));
    expect(Object.keys(expectSane(reply).body.errors)).toEqual(['email']);
  });
});

describe('A header that asks for something else', () => {
  it('51: never reaches an answer’s header unless it fits there', async () => {
    for (const origin of ['https://a\xe9\xff', 'x'.repeat(8_000), 'a, b', '%0d%0aSet-Cookie: a=b', '\t']) {
      const headers: HeaderLine[] = [
        ['Origin', origin],
        ['Access-Control-Request-Method', 'POST'],
      ];
      const reply = expectSane(await exchangeOne(server.port, wire('OPTIONS', PATH, headers)));
      expect([204, 404, 405]).toContain(reply.status);
      expect(reply.headers.has('set-cookie')).toBe(false);
    }
  });

  it('52: X-HTTP-Method-Override and Upgrade are ignored', async () => {
    const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map(
      (name) => [name, 'DELETE'] as const,
    );
    const reply = await ask(...linesOf(acme), ...overrides);
    expect([reply.status, reply.body.object]).toEqual([200, 'list']);
    for (const protocol of ['h2c', 'websocket', 'TLS/1.0']) {
      const upgraded = await ask(
        ...linesOf(acme),
        ['Connection', 'Upgrade'],
        ['Upgrade', protocol],
        ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
      );
      expect([upgraded.status, upgraded.body.object]).toEqual([200, 'list']);
    }
  });

  it('52: an Expect that nobody can meet is 417', async () => {
    expectRefused(await askWith('Expect', 'foo'), 417);
    const headers = [
      ...linesOf(acme),
      ['Content-Type', 'application/json'],
      ['Expect', '100-continue'],
    ] as HeaderLine[];
    const [interim, reply] = await exchange(server.port, wire('POST', PATH, headers, '{}'), 2);
    expect([interim!.status, reply!.status]).toEqual([100, 422]);
  });

  it.each([
    'x'.repeat(10_000),
    '<script>alert(1)</script>',
    'a b',
    '\x80',
    'a\tb',
    'x'.repeat(65),
    '../../etc',
    '${jndi:x}',
  ])('53: an X-Request-Id such as %.30j is replaced', async (id) => {
    expect(expectSane(await askWith('X-Request-Id', id)).headers.get('x-request-id')).toMatch(/^req_[\da-f-]{36}$/);
  });

  it('53: an X-Request-Id that ends its line early is a header of its own, not a part of the answer', async () => {
    const { headers } = await askWith('X-Request-Id', 'mine\r\nX-Evil: yes');
    expect([headers.get('x-request-id'), headers.has('x-evil')]).toEqual(['mine', false]);
    const twice = await askWith('X-Request-Id', 'a', 'b');
    expect(twice.headers.get('x-request-id')).toMatch(/^req_/);
  });
});
