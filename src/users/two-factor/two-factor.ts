import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TOTP } from 'otpauth';
import { now } from '../../platform/common/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../platform/common/durations.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Refusal, unauthorized } from '../../platform/common/errors/refusal.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { hashOf, invalidToken, UserTokens, type MintedToken } from '../tokens/user-tokens.js';
import { newRecoveryCodes, secretIn, spelledRecoveryCode, stepOf, totpOf } from './codes.js';
import { TwoFactorRepository, type Challenge, type Totp } from './two-factor.repository.js';

const CHALLENGE_SECONDS = (10 * MINUTE_MS) / SECOND_MS;

/** A second thing to know at a login: a code from an app, or one of ten that were written down. */
@Injectable()
export class TwoFactor {
  constructor(
    private readonly repository: TwoFactorRepository,
    private readonly box: SecretBox,
    private readonly tokens: UserTokens,
  ) {}

  /** A secret for an app; it counts once a code of it was shown. @throws Refusal 409 or 503 */
  async setUp(userId: string): Promise<{ readonly secret: string; readonly otpauthUrl: string }> {
    const { email } = await this.get(userId);
    const totp = totpOf(email);
    const sealed = await this.box.seal(contextOf(userId), { secret: totp.secret.base32 });
    if (!(await this.repository.setUp(userId, sealed))) {
      throw refuseOn();
    }
    return { secret: totp.secret.base32, otpauthUrl: totp.toString() };
  }

  /** @returns the recovery codes, shown this once. @throws Refusal 400 or 409 */
  async confirm(userId: string, code: string): Promise<string[]> {
    const found = await this.get(userId);
    if (found.isConfirmed) {
      throw refuseOn();
    }
    const totp = await this.open(userId, found);
    const step = totp && stepOf(totp, code, now());
    const codes = newRecoveryCodes();
    const hashes = codes.map(hashOfRecoveryCode);
    if (!step || !(await this.repository.confirm(userId, found.secret!, step, hashes))) {
      throw refuseCode();
    }
    return codes;
  }

  /** For somebody who knew the password of this version. */
  challenge(userId: string, passwordVersion: number): Promise<MintedToken> {
    return this.tokens.mint('two_factor', { userId, data: { passwordVersion }, expiresIn: CHALLENGE_SECONDS });
  }

  /** Five tries each. @throws Refusal 400 */
  async tryChallenge(challenge: string): Promise<Challenge> {
    const found = await this.repository.tryChallenge(hashOf(challenge));
    if (!found) {
      throw invalidToken();
    }
    return found;
  }

  /** Takes a code from the app or a recovery code, each once. @throws Refusal 400 */
  async takeCode(userId: string, code: string): Promise<void> {
    const found = await this.get(userId);
    const totp = found.isConfirmed ? await this.open(userId, found) : null;
    const step = totp && stepOf(totp, code, now());
    const isRight = step
      ? await this.repository.takeStep(userId, step)
      : found.isConfirmed && (await this.repository.takeRecoveryCode(userId, hashOfRecoveryCode(code)));
    if (!isRight) {
      throw refuseCode();
    }
  }

  async disable(userId: string): Promise<void> {
    await this.repository.disable(userId);
  }

  private async get(userId: string): Promise<Totp> {
    const found = await this.repository.find(userId);
    if (!found) {
      throw unauthorized('The user is not there any more');
    }
    return found;
  }

  private async open(userId: string, { email, secret }: Totp): Promise<TOTP | null> {
    if (secret === null) {
      return null;
    }
    const opened = (await this.box.open(contextOf(userId), secret)) as { readonly secret: string };
    return totpOf(email, secretIn(opened.secret));
  }
}

/** What the secret is bound to. */
export const contextOf = (userId: string): string => `two-factor secret of ${userId}`;

function hashOfRecoveryCode(code: string): Buffer {
  return createHash('sha256').update(spelledRecoveryCode(code)).digest();
}

function refuseCode(): ReasonedRefusal {
  return new ReasonedRefusal('verification_failed', 'The code is wrong, or was used before.');
}

function refuseOn(): Refusal {
  return new Refusal('id_in_use', 'Two-factor authentication is on already. Disable it first.');
}
