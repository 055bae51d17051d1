import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Statement } from '../../platform/database/statement.js';
import type { UserSession } from './user-session.entity.js';
import { ADDRESSES, CREATE, END, END_OTHERS, FIND_BY_TOKEN, FIND_ENDED, LIST, SEEN } from './user-sessions.sql.js';

export type SessionRow = Pick<
  UserSession,
  'id' | 'userId' | 'address' | 'userAgent' | 'createdAt' | 'lastSeenAt' | 'expiresAt'
>;

/** A session as its token finds it, with its user. */
export interface SessionByToken extends SessionRow {
  readonly email: string;
  readonly name: string;
  readonly emailVerifiedAt: Date | null;
}

export type NewSession = Pick<UserSession, 'id' | 'userId' | 'tokenSha256' | 'address' | 'userAgent'> & {
  readonly passwordVersion: number | null;
};

/** Users are of no client, and so are their sessions. */
@Injectable()
export class UserSessionsRepository {
  constructor(private readonly database: Database) {}

  /** Null where there is no such user any more. */
  insert({ id, userId, tokenSha256, passwordVersion, address, userAgent }: NewSession): Promise<SessionRow | null> {
    return this.row<SessionRow>(CREATE, id, userId, tokenSha256, passwordVersion, address, userAgent);
  }

  findByToken(tokenSha256: Buffer): Promise<SessionByToken | null> {
    return this.row<SessionByToken>(FIND_BY_TOKEN, tokenSha256);
  }

  /** Null where that was written down a moment ago. */
  seen(id: string): Promise<Pick<SessionRow, 'lastSeenAt' | 'expiresAt'> | null> {
    return this.row(SEEN, id);
  }

  list(userId: string): Promise<SessionRow[]> {
    return this.rows<SessionRow>(LIST, userId);
  }

  async end(userId: string, id: string): Promise<boolean> {
    return (await this.row(END, userId, id)) !== null;
  }

  async endOthers(userId: string, id: string | null): Promise<void> {
    await this.rows(END_OTHERS, userId, id);
  }

  async findEnded(ids: readonly string[]): Promise<string[]> {
    return (await this.rows<{ id: string }>(FIND_ENDED, ids)).map(({ id }) => id);
  }

  async addressesOf(email: string): Promise<string[]> {
    return (await this.rows<{ address: string }>(ADDRESSES, email)).map(({ address }) => address);
  }

  private rows<Row extends object>(statement: Statement, ...values: unknown[]): Promise<Row[]> {
    return this.database.acrossTenants<Row & Record<string, unknown>>(statement, values);
  }

  private async row<Row extends object>(statement: Statement, ...values: unknown[]): Promise<Row | null> {
    return (await this.rows<Row>(statement, ...values))[0] ?? null;
  }
}
