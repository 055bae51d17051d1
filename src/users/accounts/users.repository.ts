import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { SQLSTATE } from '../../platform/database/sqlstates.js';
import type { Statement } from '../../platform/database/statement.js';
import type { User } from '../user.entity.js';
import {
  CHANGE_PASSWORD,
  CREATE,
  FIND,
  FIND_BY_EMAIL,
  REHASH,
  RESET_PASSWORD,
  UPDATE,
  VERIFY_EMAIL,
} from './users.sql.js';

export type UserRow = Pick<
  User,
  | ('id' | 'number' | 'email' | 'name' | 'passwordHash' | 'passwordVersion' | 'emailVerifiedAt')
  | ('totpConfirmedAt' | 'activeClientId' | 'disabledAt' | 'createdAt')
>;

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly isVerified: boolean;
}

/** Users are of no client. */
/** Whose address it is now, what the token carried, and which one had been proven before, if any. */
export interface VerifiedEmail {
  readonly id: string;
  readonly data: object;
  readonly was: string | null;
}

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** Null where the e-mail is taken. */
  insert({ id, email, name, passwordHash, isVerified }: NewUser): Promise<UserRow | null> {
    return this.row<UserRow>(CREATE, id, email, name, passwordHash, isVerified);
  }

  find(id: string): Promise<UserRow | null> {
    return this.row<UserRow>(FIND, id);
  }

  findByEmail(email: string): Promise<UserRow | null> {
    return this.row<UserRow>(FIND_BY_EMAIL, email);
  }

  update(id: string, name: string | null, activeClientId: string | null): Promise<UserRow | null> {
    return this.row<UserRow>(UPDATE, id, name, activeClientId);
  }

  async rehash(id: string, passwordHash: string, version: number): Promise<void> {
    await this.row(REHASH, id, passwordHash, version);
  }

  /** False where it was changed meanwhile. */
  async changePassword(id: string, passwordHash: string, version: number, sessionId: string): Promise<boolean> {
    return (await this.row(CHANGE_PASSWORD, id, passwordHash, version, sessionId)) !== null;
  }

  async resetPassword(tokenSha256: Buffer, passwordHash: string): Promise<boolean> {
    return (await this.row(RESET_PASSWORD, tokenSha256, passwordHash)) !== null;
  }

  /** The user and what the token carried; null where it is not good; 'taken' where another user has the new e-mail. */
  async verifyEmail(tokenSha256: Buffer): Promise<VerifiedEmail | null | 'taken'> {
    try {
      return await this.row<VerifiedEmail>(VERIFY_EMAIL, tokenSha256);
    } catch (error) {
      if ((error as { readonly code?: string }).code === SQLSTATE.uniqueViolation) {
        return 'taken';
      }
      throw error;
    }
  }

  private async row<Row extends object>(statement: Statement, ...values: unknown[]): Promise<Row | null> {
    return (await this.database.acrossTenants<Row & Record<string, unknown>>(statement, values))[0] ?? null;
  }
}
