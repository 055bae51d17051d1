import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Refusal } from '../common/errors/refusal.js';
import { secretIn } from '../common/installation-secret.js';

export interface SecretSettings {
  readonly production: boolean;
  readonly dataDir: string;
  readonly secretsKey: Buffer | undefined;
}

const ALGORITHM = 'aes-256-gcm';
/** Bytes. */
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts what clients entrust to us. What is sealed is bound to `context`, so a row that was put in the place of another
 * can't be opened there.
 */
export class SecretBox {
  private made: Promise<Buffer> | undefined;

  constructor(private readonly settings: SecretSettings) {}

  /** @throws Refusal 503 where this installation keeps no secrets */
  async seal(context: string, secret: object): Promise<Buffer> {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(ALGORITHM, await this.key(), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error where it was sealed with another key or for another context */
  async open(context: string, sealed: Buffer): Promise<object> {
    const decipher = createDecipheriv(ALGORITHM, await this.key(), sealed.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    try {
      const secret = Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
      return JSON.parse(secret.toString('utf8')) as object;
    } catch {
      throw new Error(`${context} can not be decrypted: SECRETS_KEY is not the one it was encrypted with`);
    }
  }

  private async key(): Promise<Buffer> {
    const { production, dataDir, secretsKey } = this.settings;
    if (secretsKey) {
      return secretsKey;
    }
    if (production) {
      throw new Refusal('unavailable', 'secrets_key_missing', 'This server keeps no secrets: SECRETS_KEY is not set');
    }
    this.made ??= secretIn(dataDir, 'secrets-key').then((hex) => Buffer.from(hex, 'hex'));
    return this.made;
  }
}
