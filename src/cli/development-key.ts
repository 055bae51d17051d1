import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { secretIn } from '../platform/common/installation-secret.js';

/** A key of ES256 that this installation signs identity tokens with where no other server does. */
export interface DevelopmentKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly publicKey: string;
}

/** Made on first use, and the same from then on. */
export async function developmentKeyIn(directory: string): Promise<DevelopmentKey> {
  const secret = Buffer.from(await secretIn(directory, 'layer-development-key'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  // A byte that says "uncompressed", then both coordinates.
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString('base64url'));
  const jwk = { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: secret.toString('base64url') };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return {
    id: uuidOf(point),
    privateKey,
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string,
  };
}

/** RFC 9562, version 8: the same for the same bytes. */
function uuidOf(bytes: Buffer): string {
  const hex = createHash('sha256').update(bytes).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
