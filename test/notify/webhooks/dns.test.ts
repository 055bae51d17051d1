import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dnsServer, type DnsServer } from '../../support/dns-server.js';
import { askDns, type Resolve } from '../../../src/platform/common/outbound/names.js';

let dns: DnsServer;
let resolve: Resolve;
beforeAll(async () => {
  dns = await dnsServer({ 'hook.example': '192.0.2.1' });
  resolve = askDns([dns.address]);
});
afterAll(() => dns.close());

describe('A name', () => {
  it.each(['hook.example', 'HOOK.example', 'hook.example.'])('%s is asked of the DNS', async (name) => {
    expect(await resolve(name)).toEqual([{ address: '192.0.2.1', family: 4 }]);
  });

  it.each(['localhost', 'LOCALHOST.', 'shop.localhost'])('%s is this machine, and nobody is asked', async (name) => {
    const addresses = await resolve(name);
    expect(addresses).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect([...dns.unanswered].filter((one) => one.endsWith('localhost'))).toEqual([]);
  });

  it('that is an address is that', async () => {
    expect(await resolve('192.0.2.7')).toEqual([{ address: '192.0.2.7', family: 4 }]);
    expect(await resolve('2001:db8::1')).toEqual([{ address: '2001:db8::1', family: 6 }]);
  });

  it('that no server answers fails, while others are found at once, however many there are', async () => {
    const silent = Array.from({ length: 50 }, (_, at) => resolve(`silent${at}.example`).then(String, String));
    await expect(Promise.race([...silent, resolve('hook.example')])).resolves.toEqual([
      { address: '192.0.2.1', family: 4 },
    ]);
    const [first] = await Promise.all(silent);
    expect(first).toMatch(/ETIMEOUT|ECANCELLED/);
    expect(dns.unanswered.has('silent0.example')).toBe(true);
  });
});
