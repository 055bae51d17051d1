import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from './identity-key.entity.js';

const MIN_BITS = 2_048;
/** Checking a signature takes longer the longer the key is. */
const MAX_BITS = 8_192;
const PUBLIC = /^-----BEGIN (RSA )?PUBLIC KEY-----\r?\n/;

/** What each algorithm asks of its key. */
export const KEY_OF: Readonly<Record<Algorithm, string>> = {
  RS256: `an RSA key of ${MIN_BITS} to ${MAX_BITS} bits`,
  ES256: 'an EC key on the curve P-256',
};

/**
 * How a public key is stored: PEM (SPKI), of the kind the algorithm asks for; or what is wrong with the one that was given.
 * Node would read a private key too, and a certificate, and take the public key out of it.
 */
export function readPublicKey(algorithm: Algorithm, pem: string): { readonly pem: string } | { readonly says: string } {
  const text = pem.trim();
  if (text.includes('PRIVATE KEY')) {
    return { says: 'must be the public key: this is a private one, which belongs on your own server only.' };
  }
  const key = PUBLIC.test(text) ? parse(text) : null;
  if (!key) {
    return { says: 'must be a public key in PEM, as in -----BEGIN PUBLIC KEY-----.' };
  }
  return isFor(algorithm, key)
    ? { pem: key.export({ type: 'spki', format: 'pem' }) as string }
    : { says: `must be ${KEY_OF[algorithm]}, because the algorithm is ${algorithm}.` };
}

function parse(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

function isFor(algorithm: Algorithm, { asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  return algorithm === 'RS256'
    ? asymmetricKeyType === 'rsa' && modulusLength >= MIN_BITS && modulusLength <= MAX_BITS
    : asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
}
