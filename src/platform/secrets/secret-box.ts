import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { Refusal } from '../common/errors/refusal.js';
import { secretIn } from '../common/installation-secret.js';

export type SecretSettings = Pick<Config, 'production' | 'dataDir' | 'secretsKey' | 'secretsKeyPrevious'>;

const ALGORITHM = 'aes-256-gcm';
/** Bytes. */
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets of clients. The result names its key and is bound to `context`, so that it can't be opened in another
 * row.
 */
@Injectable()
export class SecretBox {
  private made: Promise<Buffer> | undefined;

  constructor(@Inject(Config) private readonly settings: SecretSettings) {}

  /** @throws Refusal 503 where this installation keeps no secrets */
  async seal(context: string, secret: object): Promise<Buffer> {
    const key = await this.key();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
    return Buffer.concat([idOf(key), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error where it was sealed with another key or for another context */
  async open(context: string, sealed: Buffer): Promise<object> {
    const { secretsKeyPrevious: previous } = this.settings;
    for (const key of [await this.key(), ...(previous ? [previous] : [])]) {
      // Older secrets have no key id and begin with the nonce, which may look like one.
      const bodies = sealed.subarray(0, KEY_ID_BYTES).equals(idOf(key))
        ? [sealed.subarray(KEY_ID_BYTES), sealed]
        : [sealed];
      for (const body of bodies) {
        const secret = decrypt(key, context, body);
        if (secret !== null) {
          return JSON.parse(secret) as object;
        }
      }
    }
    throw new Error(`${context} can not be decrypted: SECRETS_KEY is not the one it was encrypted with`);
  }

  /** The beginning of all that is sealed now; null while there is no other key whose place it takes. */
  async idToRotateTo(): Promise<Buffer | null> {
    return this.settings.secretsKeyPrevious ? idOf(await this.key()) : null;
  }

  private async key(): Promise<Buffer> {
    const { production, dataDir, secretsKey } = this.settings;
    if (secretsKey) {
      return secretsKey;
    }
    if (production) {
      throw new Refusal('secrets_key_missing', 'This server keeps no secrets: SECRETS_KEY is not set');
    }
    this.made ??= secretIn(dataDir, 'secrets-key').then((hex) => Buffer.from(hex, 'hex'));
    try {
      return await this.made;
    } catch (error) {
      // A disk that was full or not mounted yet may work the next time.
      this.made = undefined;
      throw error;
    }
  }
}

/** Identifies a key without revealing it. */
function idOf(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES);
}

/** Null where it is not of this key and context. */
function decrypt(key: Buffer, context: string, body: Buffer): string | null {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(body.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
