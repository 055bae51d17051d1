import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Parlance';
const PERIOD_SECONDS = 30;
/** Clocks of phones are off by some seconds. */
const STEPS_OFF = 1;
const RECOVERY_CODES = 10;
/** Without letters that look like others. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const RECOVERY_LENGTH = 12;

/** RFC 6238 as every app has it: SHA-1, six digits, thirty seconds. */
export function totpOf(label: string, secret = new Secret({ size: 20 })): TOTP {
  return new TOTP({ issuer: ISSUER, label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret });
}

export function secretIn(base32: string): Secret {
  return Secret.fromBase32(base32);
}

/** The thirty seconds that this code is of, counted from 1970; null where it is of none that count now. */
export function stepOf(totp: TOTP, code: string, moment: Date): number | null {
  const timestamp = moment.getTime();
  const delta = /^\d{6}$/.test(code) ? totp.validate({ token: code, window: STEPS_OFF, timestamp }) : null;
  return delta === null ? null : Math.floor(timestamp / 1_000 / PERIOD_SECONDS) + delta;
}

/** `abcd-efgh-jkmn`, 59 bits each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: RECOVERY_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]!).join('');
    return letters.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** However it is typed. */
export function spelledRecoveryCode(code: string): string {
  return code.toLowerCase().replace(/[^\da-z]/g, '');
}
