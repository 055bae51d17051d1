import { createHash, createHmac } from 'node:crypto';

/** What the address of a workflow ends with. Who knows its secret can make it, and nobody else. */
export function hookTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('parlance/workflows/hook').digest('base64url');
}

/** By which it is found. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
