import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressTest, normaliseNetwork, presentNetwork } from './ip-rules.js';

describe('normaliseNetwork', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1/32'],
    [' 10.0.0.0/8 ', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
    ['2001:DB8:0::1', '2001:db8::1/128'],
    ['2001:db8::/32', '2001:db8::/32'],
  ])('of %j is %s', (text, stored) => expect(normaliseNetwork(text)).toBe(stored));

  it.each([
    '',
    '10.0.0.1/8',
    '10.0.0.0/33',
    '::/129',
    '10.0.0',
    '010.0.0.1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '1/1',
    'a',
    '*',
  ])('of %j is none', (text) => expect(normaliseNetwork(text)).toBeNull());

  it('is undone by presentNetwork for a single address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const stored = normaliseNetwork(address);
        expect(stored).not.toBeNull();
        expect(normaliseNetwork(presentNetwork(stored!))).toBe(stored);
        expect(presentNetwork(stored!)).not.toContain('/');
      }),
    );
    expect(presentNetwork('10.0.0.0/8')).toBe('10.0.0.0/8');
  });
});

describe('addressTest', () => {
  it('admits everybody where there is no network, and nobody without an address where there is one', () => {
    expect(addressTest([])(undefined)).toBe(true);
    expect(['', undefined, 'garbage', '10.0.0.1:80'].map(addressTest(['0.0.0.0/0']))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('admits an address of each of its networks, and IPv4 within IPv6', () => {
    const admits = addressTest(['10.0.0.0/8', '192.0.2.1/32', '2001:db8::/32']);
    expect(['10.255.255.255', '192.0.2.1', '::ffff:10.0.0.1', '2001:db8:ffff::1'].map(admits)).toEqual(
      Array(4).fill(true),
    );
    expect(['11.0.0.0', '192.0.2.2', '::10.0.0.1', '2001:db9::1'].map(admits)).toEqual(Array(4).fill(false));
  });
});
