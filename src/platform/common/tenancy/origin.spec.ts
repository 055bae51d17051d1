import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admits, hostOf, hostOfOrigin, normaliseDomain } from './origin.js';

describe('hostOfOrigin', () => {
  it.each([
    ['https://example.com', 'example.com'],
    ['HTTP://EXAMPLE.com:8080', 'example.com'],
    ['capacitor://localhost', 'localhost'],
    ['https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['https://127.0.0.1:3000', '127.0.0.1'],
    ['https://[::1]:3000', '[::1]'],
  ])('of %s is %s', (origin, host) => expect(hostOfOrigin(origin)).toBe(host));

  it.each([
    '',
    'null',
    'example.com',
    'https://',
    'https://a/',
    'https://a@b',
    'https://a\\b',
    'https://a%2eb',
    'https://ä',
  ])('of %j is none', (origin) => expect(hostOfOrigin(origin)).toBeNull());

  it('is never a host that the Origin does not spell out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const host = hostOf(text);
        expect(host === null || /^[\d.]+$|^\[/.test(host) || text.toLowerCase().startsWith(host)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('admits', () => {
  const site = (...allowedSubdomains: string[]) => ({ domain: 'example.com', allowedSubdomains });

  it.each<[string[], string, boolean]>([
    [[], 'example.com', true],
    [[], 'api.example.com', false],
    [['api'], 'api.example.com', true],
    [['api'], 'app.example.com', false],
    [['api'], 'a.api.example.com', false],
    [['*'], 'a.api.example.com', true],
    [['*'], 'evil-example.com', false],
    [['*'], 'example.com.evil.com', false],
    [['*'], 'example.com.', false],
    [['*'], 'com', false],
  ])('with %j: %s is %s', (labels, host, expected) => expect(admits(site(...labels), host)).toBe(expected));
});

describe('normaliseDomain', () => {
  it.each([
    ['Example.COM', 'example.com'],
    [' bücher.example ', 'xn--bcher-kva.example'],
    ['localhost', 'localhost'],
    ['a-b.c', 'a-b.c'],
  ])('of %j is %s', (domain, stored) => expect(normaliseDomain(domain)).toBe(stored));

  it.each([
    '',
    '.',
    'a..b',
    '-a.b',
    'a-.b',
    'a b',
    'a/b',
    'a\\b',
    'a?b',
    'a#b',
    'u@a',
    '%61',
    'https://a',
    'a:80',
    '*.a',
    'a.b.',
    `${'a'.repeat(254)}`,
  ])('of %j is none', (domain) => expect(normaliseDomain(domain)).toBeNull());
});
