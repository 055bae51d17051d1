import { Injectable, Logger } from '@nestjs/common';
import { CallerCache } from '../../clients/caller-cache.js';
import { hashKey, isWellFormed } from '../../clients/key-format.js';
import { now } from '../../platform/common/clock.js';
import { MINUTE_MS } from '../../platform/common/durations.js';
import type { AsStranger } from '../../platform/common/rate-limit/as-stranger.js';
import { PersonalTokensRepository, type TokenCaller } from './personal-tokens.repository.js';

export type { TokenCaller };

const NOTE_USE_EVERY_MS = MINUTE_MS;

/** Who asks by a personal token; one that was revoked stops within five seconds. */
@Injectable()
export class PersonalTokenCallers {
  private readonly logger = new Logger('Credentials');

  constructor(
    private readonly callers: CallerCache,
    private readonly tokens: PersonalTokensRepository,
  ) {}

  /** Null where it is nobody's, or no longer. */
  async find(token: string, asStranger: AsStranger): Promise<TokenCaller | null> {
    if (!isWellFormed('pat', token)) {
      return null;
    }
    const tokenSha256 = hashKey(token);
    const look = (): Promise<TokenCaller | null> => this.tokens.findByToken(tokenSha256);
    const found = await this.callers.find(`pat ${tokenSha256.toString('latin1')}`, look, { asStranger });
    return found !== null && (found.expiresAt === null || found.expiresAt > now()) ? found : null;
  }

  /** Aside of the request: it neither waits for this nor fails with it. */
  noteUse(caller: TokenCaller): void {
    const moment = now();
    if (caller.lastUsedAt !== null && moment.getTime() - caller.lastUsedAt.getTime() < NOTE_USE_EVERY_MS) {
      return;
    }
    caller.lastUsedAt = moment;
    this.tokens.markUsed(caller.clientId, caller.id, moment).catch((error: unknown) => {
      this.logger.warn(`The use of a personal token was not noted: ${(error as Error).message}`);
    });
  }
}
