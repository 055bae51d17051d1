import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { UserRow } from '../accounts/users.repository.js';
import { CLAIM, FIND_USER, LINK } from './user-identities.sql.js';

/** Accounts elsewhere, by which users sign in. */
@Injectable()
export class UserIdentitiesRepository {
  constructor(private readonly database: Database) {}

  async findUser(provider: string, subject: string): Promise<UserRow | null> {
    const rows = await this.database.acrossTenants<UserRow & Record<string, unknown>>(FIND_USER, [provider, subject]);
    return rows[0] ?? null;
  }

  /** Whether there was an account of this e-mail that had yet to prove itself. */
  async claim(email: string, name: string): Promise<boolean> {
    return (await this.database.acrossTenants(CLAIM, [email, name])).length > 0;
  }

  async link(provider: string, subject: string, email: string): Promise<void> {
    await this.database.acrossTenants(LINK, [provider, subject, email]);
  }
}
