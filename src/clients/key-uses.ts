import { Injectable, Logger } from '@nestjs/common';
import { now } from '../platform/common/clock.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import type { KnownKeys } from './key-cache.js';

/** Milliseconds between two notes that a key is in use. */
const NOTE_USE_EVERY_MS = 60_000;

/** Notes when secret keys were last used. */
@Injectable()
export class KeyUses {
  private readonly logger = new Logger('Credentials');

  constructor(private readonly keys: ApiKeysRepository) {}

  /** Aside of the request: it neither waits for this nor fails with it. */
  note(known: KnownKeys, keyId: string): void {
    const moment = now();
    if (known.lastUsedAt !== null && moment.getTime() - known.lastUsedAt.getTime() < NOTE_USE_EVERY_MS) {
      return;
    }
    known.lastUsedAt = moment;
    this.keys.markUsed(known.clientId, keyId, moment).catch((error: unknown) => {
      this.logger.warn(`The use of a key was not noted: ${(error as Error).message}`);
    });
  }
}
