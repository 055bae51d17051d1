import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../../src/config.js';
import { call, given as givenOn, type Reply, type TestClient } from '../../support/given.js';
import { expectFields, expectRefused, expectSane } from '../../support/hostile.js';
import { startServer, type TestServer } from '../../support/server.js';
import { ADMIN_KEY } from '../../support/settings.js';

let direct: TestServer;
let oneProxy: TestServer;
/** Trusts a network that the tests do not come from. */
let network: TestServer;
/** Trusts this machine too. */
let chain: TestServer;
beforeAll(async () => {
  [direct, oneProxy, network, chain] = await Promise.all([
    startServer(),
    startServer({ TRUST_PROXY: '1' }),
    startServer({ TRUST_PROXY: '10.0.0.0/8' }),
    startServer({ TRUST_PROXY: '127.0.0.0/8, 10.0.0.0/8' }),
  ]);
});
afterAll(() => Promise.all([direct, oneProxy, network, chain].map((server) => server.stop())));
const given = givenOn(() => direct);

async function from(forwarded: string, client: TestClient, server: TestServer): Promise<Reply> {
  const headers = { ...client.headers, 'x-forwarded-for': forwarded };
  return expectSane(await call(`${server.url}/api/v1/customers`, 'GET', undefined, headers));
}
const expectLetIn = async (forwarded: string, client: TestClient, server: TestServer): Promise<void> =>
  expect([forwarded, (await from(forwarded, client, server)).status]).toEqual([forwarded, 200]);
const expectKeptOut = async (forwarded: string, client: TestClient, server: TestServer): Promise<void> =>
  expectRefused(await from(forwarded, client, server), 403, 'Forbidden - IP address not allowed');

describe('X-Forwarded-For', () => {
  it('61: means nothing where no proxy is trusted, or only others', async () => {
    const local = await given.client({ allowed_ips: ['127.0.0.1'] });
    const remote = await given.client({ allowed_ips: ['192.0.2.1', '10.1.1.1'] });
    for (const server of [direct, network]) {
      for (const forwarded of ['192.0.2.1', '127.0.0.1', 'garbage', '192.0.2.1, 10.1.1.1', '']) {
        await expectLetIn(forwarded, local, server);
        await expectKeptOut(forwarded, remote, server);
      }
    }
    for (const header of ['x-real-ip', 'forwarded', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip']) {
      const value = header === 'forwarded' ? 'for=192.0.2.1' : '192.0.2.1';
      const headers = { ...remote.headers, [header]: value };
      expectRefused(await call(`${oneProxy.url}/api/v1/customers`, 'GET', undefined, headers), 403);
    }
  });

  it.each(['true', 'yes', '0', '*', 'loopback', '10.0.0.0/8,evil'])(
    '61: a start that trusts %j is refused',
    (setting) => {
      expect(() => loadConfig({ TRUST_PROXY: setting })).toThrow(ConfigError);
    },
  );

  it('62: of one proxy, its last entry is the caller', async () => {
    const acme = await given.client({ allowed_ips: ['192.0.2.1'] });
    for (const forwarded of ['192.0.2.1', '198.51.100.7, 192.0.2.1', ' 10.0.0.1 ,192.0.2.1 ', 'garbage, 192.0.2.1']) {
      await expectLetIn(forwarded, acme, oneProxy);
    }
    for (const forwarded of ['192.0.2.1, 198.51.100.7', '192.0.2.1, garbage', '198.51.100.7']) {
      await expectKeptOut(forwarded, acme, oneProxy);
    }
  });

  it('62: of a chain of trusted networks, the first entry outside of them is the caller', async () => {
    const acme = await given.client({ allowed_ips: ['192.0.2.1'] });
    for (const forwarded of ['192.0.2.1', '192.0.2.1, 10.1.1.1, 10.2.2.2', '198.51.100.7, 192.0.2.1, 10.1.1.1']) {
      await expectLetIn(forwarded, acme, chain);
    }
    for (const forwarded of [
      '192.0.2.1, 198.51.100.7',
      '192.0.2.1, 198.51.100.7, 10.1.1.1',
      '192.0.2.1, garbage, 10.1.1.1',
    ]) {
      await expectKeptOut(forwarded, acme, chain);
    }
  });

  it('63: an IPv4 address within IPv6 is that address, and what is none is kept out', async () => {
    const acme = await given.client({ allowed_ips: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'] });
    for (const address of ['::ffff:10.0.0.1', '::FFFF:192.0.2.1', '::ffff:a00:1', '2001:db8::1', '2001:DB8:0::1']) {
      await expectLetIn(address, acme, oneProxy);
    }
    for (const address of [
      '10.0.0.1:5678',
      '"[2001:db8::1]:80"',
      '[2001:db8::1]',
      'garbage',
      '10.0.0.1/8',
      '010.0.0.1',
      '0x0a000001',
      '167772161',
      '10.1',
      '::10.0.0.1',
      '64:ff9b::10.0.0.1',
      'unknown',
      '_hidden',
      '10.0.0.1%00',
    ]) {
      await expectKeptOut(address, acme, oneProxy);
      expectSane(await from(address, acme, chain));
    }
    const anyone = await given.client();
    await expectLetIn('garbage', anyone, oneProxy);
  });
});

describe('64: allowed_ips', () => {
  const admin = (body: object): Promise<Reply> =>
    call(`${direct.url}/admin/v1/clients`, 'POST', body, { authorization: `Bearer ${ADMIN_KEY}` });
  const make = (...ips: unknown[]): Promise<Reply> => admin({ name: 'Acme', domain: 'example.com', allowed_ips: ips });

  it.each([
    '10.0.0.1/33',
    '10.0.0.1/8',
    '::/129',
    '2001:db8::1/32',
    'example.com',
    'localhost',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0',
    '010.0.0.1',
    '0x7f.1',
    '10.0.0.0/255.0.0.0',
    '10.0.0.1-10.0.0.9',
    '*',
    '[::1]',
    'fe80::1%eth0',
    '::1/1e1',
    ' ',
  ])('refuse %j on writing', async (network) => {
    expectFields(await make('192.0.2.1', network), 'allowed_ips.1');
  });

  it('admit nobody else, everybody of a family, or everybody', async () => {
    for (const [networks, inside, outside] of [
      [['0.0.0.0/0'], ['192.0.2.1', '::ffff:192.0.2.1'], ['2001:db8::1']],
      [['::/0'], ['2001:db8::1'], []],
      [['10.0.0.0/8'], ['10.255.255.255'], ['11.0.0.0']],
      [[], ['192.0.2.1', '2001:db8::1'], []],
    ]) {
      const { status, body } = await make(...networks!);
      expect([status, body.allowed_ips]).toEqual([201, networks]);
      const headers = {
        authorization: `Bearer ${body.secret_key}`,
        'x-public-key': body.public_key,
        origin: 'https://example.com',
      };
      const client = { headers } as unknown as TestClient;
      for (const address of inside!) {
        await expectLetIn(address, client, oneProxy);
      }
      for (const address of outside!) {
        await expectKeptOut(address, client, oneProxy);
      }
    }
  });
});
