import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Statement } from '../../platform/database/statement.js';
import {
  CONFIRM,
  DISABLE,
  FIND_SEALED_BEFORE,
  FIND_TOTP,
  SEAL_ANEW,
  SET_UP,
  TAKE_RECOVERY_CODE,
  TAKE_STEP,
  TRY_CHALLENGE,
} from './two-factor.sql.js';

export interface Totp {
  readonly email: string;
  readonly secret: Buffer | null;
  readonly isConfirmed: boolean;
}

export interface Challenge {
  readonly userId: string;
  readonly data: { readonly passwordVersion: number };
}

@Injectable()
export class TwoFactorRepository {
  constructor(private readonly database: Database) {}

  find(userId: string): Promise<Totp | null> {
    return this.row<Totp>(FIND_TOTP, userId);
  }

  setUp(userId: string, secret: Buffer): Promise<boolean> {
    return this.did(SET_UP, userId, secret);
  }

  confirm(userId: string, secret: Buffer, step: number, recoverySha256: readonly Buffer[]): Promise<boolean> {
    return this.did(CONFIRM, userId, secret, step, recoverySha256);
  }

  takeStep(userId: string, step: number): Promise<boolean> {
    return this.did(TAKE_STEP, userId, step);
  }

  takeRecoveryCode(userId: string, sha256: Buffer): Promise<boolean> {
    return this.did(TAKE_RECOVERY_CODE, userId, sha256);
  }

  async disable(userId: string): Promise<void> {
    await this.did(DISABLE, userId);
  }

  /** Null where it has no try left, or is not good any more. */
  tryChallenge(tokenSha256: Buffer): Promise<Challenge | null> {
    return this.row<Challenge>(TRY_CHALLENGE, tokenSha256);
  }

  /** Whose secrets another key sealed than the one of this name. */
  findSealedBefore(keyId: Buffer, after: string, most: number): Promise<{ id: string; secret: Buffer }[]> {
    return this.database.acrossTenants(FIND_SEALED_BEFORE, [keyId, after, most]);
  }

  async sealAnew(userId: string, before: Buffer, sealed: Buffer): Promise<void> {
    await this.database.acrossTenants(SEAL_ANEW, [userId, before, sealed]);
  }

  private async did(statement: Statement, ...values: unknown[]): Promise<boolean> {
    return (await this.row(statement, ...values)) !== null;
  }

  private async row<Row extends object>(statement: Statement, ...values: unknown[]): Promise<Row | null> {
    return (await this.database.acrossTenants<Row & Record<string, unknown>>(statement, values))[0] ?? null;
  }
}
