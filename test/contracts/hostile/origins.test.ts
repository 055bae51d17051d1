import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectRefused, expectSane, linesOf } from '../../support/hostile.js';
import { exchangeOne, wire } from '../../support/raw-http.js';
import { useServer } from '../../support/server.js';

const server = useServer();
let acme: TestClient;
let german: TestClient;
beforeAll(async () => {
  acme = await given.client({ allowed_subdomains: ['api'] });
  german = await given.client({ domain: 'exämple.com' });
});
const given = givenOn(() => server);

/** Over a raw socket, which sends these very bytes; a string is written in UTF-8. */
async function from(origin: string | null, client = acme, host = 'localhost'): Promise<Reply> {
  const line = origin === null ? [] : [['Origin', Buffer.from(origin).toString('latin1')] as const];
  const headers = [['Host', host] as const, ...linesOf(client, 'origin'), ...line];
  return expectSane(await exchangeOne(server.port, wire('GET', '/api/v1/customers', headers)));
}

function expectStranger(reply: Reply, error = 'Unauthorized - Invalid origin domain'): void {
  expectRefused(reply, 401, error);
  expect(reply.headers.has('access-control-allow-origin')).toBe(false);
}

describe('An Origin', () => {
  it.each([
    '54: https://example.com',
    '54: https://api.example.com',
    '57: http://example.com',
    '57: https://example.com:8443',
    '57: http://api.example.com:3000',
    '58: https://EXAMPLE.com',
    '58: https://example.com:443',
  ])('%s is let in', async (row) => {
    const origin = row.slice(4);
    const reply = await from(origin);
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  });

  it.each([
    '55: https://evil-example.com',
    '55: https://example.com.evil.com',
    '55: https://a.api.example.com',
    '55: https://www.example.com',
    '55: https://apiexample.com',
    '55: https://.example.com',
    '55: https://*.example.com',
    '55: https://com',
    '55: https://exampleXcom',
    '56: null',
    '56: ',
    '56: file://',
    '56: chrome-extension://abcdefghijklmnop',
    '56: about:blank',
    '56: data:text/html,example.com',
    '56: undefined',
    '56: example.com',
    '56: //example.com',
    '58: https://example.com:99999',
    '58: https://example.com/',
    '58: https://example.com/path',
    '58: https://example.com?x',
    '58: https://example.com#x',
    '58: https://user@example.com',
    '58: https://example.com@evil.com',
    '58: https://example.com:80@evil.com',
    '58: https://example.com.',
    '58: https://example.com:x',
    '59: https://exämple.com',
    '59: https://xn--exmple-cua.com',
    '59: https://\u0435xample.com',
    '59: https://example\u3002com',
    '59: https://ex\u00adample.com',
    '59: https://ｅｘａｍｐｌｅ.com',
    '60: https://example.com\\@evil.com',
    '60: https://evil.com\\@example.com',
    '60: https://example.com, https://evil.com',
    '60: https://evil.com, https://example.com',
    '60: https://example.com%00',
    '60: https://example.com%00.evil.com',
    '60: https://example%2ecom',
    '60: https://evil.com%23.example.com',
    '60: https://[example.com]',
    '60: https:///example.com',
    '60: https:example.com',
    '60: https://example.com https://evil.com',
  ])('%s is 401', async (row) => expectStranger(await from(row.slice(4))));

  it('56: that is missing is stood in for by the Host alone', async () => {
    const missing = 'Unauthorized - Missing Origin header';
    for (const host of [
      'localhost',
      'evil.com',
      'example.com.evil.com',
      'example.com@evil.com',
      'example.com/evil',
      '',
      '[::1]',
    ]) {
      expectStranger(await from(null, acme, host), missing);
    }
    expect((await from(null, acme, 'example.com:3000')).status).toBe(200);
    expectStranger(await from('https://evil.com', acme, 'example.com'));
  });

  it('59: of an international domain is compared as punycode', async () => {
    for (const origin of ['https://xn--exmple-cua.com', 'https://XN--EXMPLE-CUA.com:8080']) {
      expect((await from(origin, german)).status).toBe(200);
    }
    for (const origin of [
      'https://exämple.com',
      'https://example.com',
      'https://exa\u0308mple.com',
      'https://xn--xample-2of.com',
    ]) {
      expectStranger(await from(origin, german));
    }
  });
});
