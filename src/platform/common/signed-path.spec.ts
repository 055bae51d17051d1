import { describe, expect, it } from '@jest/globals';
import { now } from './clock.js';
import { checkSignature, signPath } from './signed-path.js';

const KEY = 'k'.repeat(32);
const PATH = '/files/clt_1/file_1';
const inSeconds = (seconds: number): Date => new Date(now().getTime() + seconds * 1000);
const signed = (expiresAt: Date): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(signPath(KEY, 'GET', PATH, expiresAt).split('?')[1]));

describe('A signed path', () => {
  it('is what was signed, and nothing else', () => {
    const query = signed(inSeconds(60));
    const later = { ...query, expires: String(Number(query.expires) + 1) };
    expect(() => checkSignature(KEY, 'GET', PATH, query)).not.toThrow();
    expect(() => checkSignature('x'.repeat(32), 'GET', PATH, query)).toThrow('Invalid signature');
    expect(() => checkSignature(KEY, 'PUT', PATH, query)).toThrow('Invalid signature');
    expect(() => checkSignature(KEY, 'GET', `${PATH}2`, query)).toThrow('Invalid signature');
    expect(() => checkSignature(KEY, 'GET', PATH, later)).toThrow('Invalid signature');
  });

  it.each([undefined, '', 'x', ['a', 'b'], {}, '='.repeat(43), 'é'.repeat(43)])('does not take %j', (signature) => {
    const { expires } = signed(inSeconds(60));
    expect(() => checkSignature(KEY, 'GET', PATH, { expires, signature })).toThrow('Invalid signature');
    expect(() => checkSignature(KEY, 'GET', PATH, { expires: signature, signature })).toThrow('Invalid signature');
  });

  it('ends', () => {
    expect(() => checkSignature(KEY, 'GET', PATH, signed(inSeconds(-1)))).toThrow('URL expired');
    expect(() => checkSignature(KEY, 'GET', PATH, signed(now()))).toThrow('URL expired');
  });
});
