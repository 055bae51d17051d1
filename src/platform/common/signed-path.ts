import { createHmac, timingSafeEqual } from 'node:crypto';
import { now, unixSeconds } from './clock.js';
import { forbidden } from './errors/refusal.js';

/** What one may do with a signed path; one for downloads uploads nothing. */
export type Deed = 'GET' | 'PUT';

export function signPath(key: string | Buffer, deed: Deed, path: string, expiresAt: Date): string {
  const expires = String(unixSeconds(expiresAt));
  return `${path}?expires=${expires}&signature=${signatureOf(key, deed, path, expires).toString('base64url')}`;
}

/** @throws Refusal 403 where this server did not sign it, or no longer stands by it */
export function checkSignature(
  key: string | Buffer,
  deed: Deed,
  path: string,
  { expires, signature }: Readonly<Record<string, unknown>>,
): void {
  const given = Buffer.from(typeof signature === 'string' ? signature : '', 'base64url');
  const right = signatureOf(key, deed, path, String(expires));
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw forbidden('Invalid signature');
  }
  if (Number(expires) <= unixSeconds(now())) {
    throw forbidden('URL expired');
  }
}

function signatureOf(key: string | Buffer, deed: Deed, path: string, expires: string): Buffer {
  return createHmac('sha256', key).update(`${deed}\n${path}\n${expires}`).digest();
}
