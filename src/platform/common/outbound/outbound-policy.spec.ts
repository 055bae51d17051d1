import { describe, expect, it } from '@jest/globals';
import { admits, OutboundPolicy, hostOf, problemOf, type DestinationRules } from './outbound-policy.js';

const STRICT: DestinationRules = { http: false, loopback: false };
const TEST: DestinationRules = { http: true, loopback: false };
const LOCAL: DestinationRules = { http: true, loopback: true };

const INSIDE = [
  ...[
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
  ],
  ...['169.254.169.254', '169.254.0.1', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.192', '192.0.2.1'],
  ...['192.88.99.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:8.8.8.8', '64:ff9b::7f00:1'],
  ...['64:ff9b::808:808', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '2002:808:808::1'],
  ...['3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '4000::1'],
];
const OUTSIDE = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.15.0.1', '172.32.0.1', '192.167.0.1', '223.255.255.255'];
const OUTSIDE_6 = ['2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:4860:4860::8888'];

describe('An address', () => {
  it.each(INSIDE)('%s is not public', (address) => expect(admits(STRICT, address)).toBe(false));

  it.each([...OUTSIDE, ...OUTSIDE_6])('%s is public', (address) => expect(admits(STRICT, address)).toBe(true));

  it('of the loopback is allowed where that is, and nothing else with it', () => {
    expect(INSIDE.filter((address) => admits(LOCAL, address))).toEqual(['127.0.0.1', '127.255.255.254', '::1']);
  });

  it('of any kind is allowed to the operator of the installation', () => {
    const operator = { http: true, loopback: true, inside: true };
    expect(INSIDE.filter((address) => !admits(operator, address))).toEqual([]);
    expect(admits(operator, 'example.com')).toBe(false);
  });

  it.each(['', 'example.com', '1.2.3', '256.1.1.1'])('"%s" is none', (text) => expect(admits(LOCAL, text)).toBe(false));
});

describe('A URL', () => {
  it.each([
    ...['https://example.com', 'https://example.com/hooks?a=b', 'HTTPS://EXAMPLE.COM:8443/', 'https://1.1.1.1/'],
    ...['https://[2606:4700:4700::1111]/', 'https://bücher.example/'],
  ])('%s is taken', (url) => expect(problemOf(url, STRICT)).toBeNull());

  it.each([
    ...['', 'example.com', '/hooks', 'ftp://example.com', 'file:///etc/passwd', 'gopher://example.com', 'https://'],
    ...['https:// example.com', 'https://exa\nmple.com', 'https://example.com\\@evil.com', 'javascript:alert(1)'],
    ...[
      'http://example.com/',
      'https://user@example.com/',
      'https://user:pass@example.com/',
      'https://:@example.com:x/',
    ],
    // One address in its many notations.
    ...['https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/'],
    ...[
      'https://①②⑦.⓪.⓪.①/',
      'https://127。0。0。1/',
      'https://0/',
      'https://0.0.0.0/',
      'https://[::]/',
      'https://[::1]/',
    ],
    ...['https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://[64:ff9b::7f00:1]/'],
    ...[
      'https://localhost/',
      'https://LOCALHOST/',
      'https://localhost./',
      'https://a.localhost/',
      'https://%6cocalhost/',
    ],
    ...[
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/',
      'https://[fd00:ec2::254]/',
      'https://[fe80::1]/',
    ],
  ])('%s is refused', (url) => expect(problemOf(url, STRICT)).not.toBeNull());

  it('of http is for test clients, and of the loopback for those outside production', () => {
    expect(problemOf('http://example.com/', TEST)).toBeNull();
    expect(problemOf('http://127.0.0.1/', TEST)).not.toBeNull();
    expect(problemOf('http://localhost:4000/', TEST)).not.toBeNull();
    expect(problemOf('http://127.0.0.1/', LOCAL)).toBeNull();
    expect(problemOf('http://localhost:4000/', LOCAL)).toBeNull();
    expect(problemOf('http://10.0.0.1/', LOCAL)).not.toBeNull();
  });

  it('names its host as it is dialled', () => {
    expect(hostOf(new URL('https://[::1]:8443/'))).toBe('::1');
    expect(hostOf(new URL('https://0x7f.1/'))).toBe('127.0.0.1');
  });
});

describe('Destinations', () => {
  const tenant = { clientId: '', livemode: true };
  const never = () => new Promise<never>(() => undefined);
  const leadingTo = (...addresses: string[]) =>
    new OutboundPolicy(true, () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))));

  it('refuse a name where one of its addresses is not public', async () => {
    await expect(leadingTo('1.1.1.1').check(tenant, 'https://a.example/')).resolves.toBeUndefined();
    await expect(leadingTo('1.1.1.1', '10.0.0.1').check(tenant, 'https://a.example/')).rejects.toMatchObject({
      details: { errors: { url: ['The url field must lead to a public address.'] } },
    });
  });

  it('ask for ten names of one client at once, and leave the rest to whoever dials', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const silent = new OutboundPolicy(true, (host) => {
      asked.push(host);
      return new Promise((resolve) => answers.push(() => resolve([{ address: '10.0.0.1', family: 4 }])));
    });
    const checks = Array.from({ length: 12 }, (_, at) => silent.check(tenant, `https://n${at}.example/`));
    await Promise.all(checks.slice(10));
    expect(asked).toHaveLength(10);
    const other = silent.check({ clientId: 'another', livemode: true }, 'https://other.example/');
    expect(asked).toHaveLength(11);
    answers.forEach((answer) => answer());
    for (const check of [...checks.slice(0, 10), other]) {
      await expect(check).rejects.toMatchObject({ kind: 'invalid' });
    }
    const again = silent.check(tenant, 'https://again.example/');
    expect(asked).toHaveLength(12);
    answers.at(-1)!();
    await expect(again).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('accept a name that does not resolve: it may tomorrow', async () => {
    const none = new OutboundPolicy(true, () => Promise.reject(new Error('ENOTFOUND')));
    await expect(none.check(tenant, 'https://a.example/')).resolves.toBeUndefined();
  });

  it('allow http to test clients, and the loopback to those outside production', () => {
    const test = { clientId: '', livemode: false };
    expect(new OutboundPolicy(false, never).rulesFor(test)).toEqual(LOCAL);
    expect(new OutboundPolicy(true, never).rulesFor(test)).toEqual(TEST);
    expect(new OutboundPolicy(false, never).rulesFor(tenant)).toEqual(STRICT);
  });
});
