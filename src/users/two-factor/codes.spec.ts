import { describe, expect, it } from '@jest/globals';
import { newRecoveryCodes, secretIn, spelledRecoveryCode, stepOf, totpOf } from './codes.js';

/** RFC 6238, appendix B: the secret 12345678901234567890, and the last six digits of its codes. */
const totp = totpOf('ann@example.com', secretIn('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'));

describe('A code from an app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('is that of RFC 6238 at second %d', (second, code) => {
    const step = Math.floor(second / 30);
    const at = (seconds: number): number | null => stepOf(totp, code, new Date((second + seconds) * 1_000));
    expect(at(0)).toBe(step);
    expect([at(-30), at(30)]).toEqual([step, step]);
    expect([at(-60), at(60)]).toEqual([null, null]);
  });

  it.each(['', '28708', '2870820', ' 287082', '２８７０８２', 'abcdef'])('is nothing else: %s', (code) => {
    expect(stepOf(totp, code, new Date(59_000))).toBeNull();
  });

  it('comes with an address for apps to read', () => {
    expect(totp.toString()).toMatch(/^otpauth:\/\/totp\/Parlance:ann%40example\.com\?.*secret=GEZDGNBVGY3TQOJQ/);
  });
});

describe('Recovery codes', () => {
  it('are ten, each another, and are read however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    expect(codes.every((code) => /^([2-9a-z]{4}-){2}[2-9a-z]{4}$/.test(code))).toBe(true);
    expect(spelledRecoveryCode(` ${codes[0]!.toUpperCase()} `)).toBe(codes[0]!.replaceAll('-', ''));
  });
});
