import { createPublicKey, type KeyObject } from 'node:crypto';

/** What stands before the 32 bytes of an Ed25519 key in its standard form (RFC 8410). */
const ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** Null where it is none. @param base64 its 32 bytes */
export function publicKeyIn(base64: string): KeyObject | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== base64) {
    return null;
  }
  try {
    return createPublicKey({ key: Buffer.concat([ED25519, bytes]), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
