import { describe, expect, it } from '@jest/globals';
import { addressIn, neighbourhoodOf } from './address.js';

describe('addressIn', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::192.0.2.1', '::192.0.2.1'],
  ])('of %s is %s', (text, address) => expect(addressIn(text)).toBe(address));

  it.each([
    undefined,
    '',
    'unknown',
    '_hidden',
    '192.0.2',
    '192.0.2.1:',
    '192.0.2.1:port',
    '[192.0.2.1',
    '::g',
    '010.0.0.1',
  ])('of %s is none', (text) => expect(addressIn(text)).toBeNull());
});

describe('neighbourhoodOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::7]:80', '2001:db8:1:2::/64'],
    ['::1', '::/64'],
    ['nonsense', 'unknown'],
    [undefined, 'unknown'],
  ])('of %s is %s', (text, expected) => expect(neighbourhoodOf(text)).toBe(expected));
});
