import type { Request } from 'express';
import { unauthorized } from '../../platform/common/errors/refusal.js';

/** A public key need not be given; one that is must be that of the workspace. @throws Refusal 401 */
export function mustBePublicKey({ headers }: Request, publicKey: string): void {
  if ((headers['x-public-key'] ?? publicKey) !== publicKey) {
    throw unauthorized('Invalid public key');
  }
}
