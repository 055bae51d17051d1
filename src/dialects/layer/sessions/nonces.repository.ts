import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { CREATE, TAKE } from './nonces.sql.js';

/** Without a tenant: a nonce is asked for before anybody has said who they are. */
@Injectable()
export class NoncesRepository {
  constructor(private readonly database: Database) {}

  /** @param expiresIn seconds */
  async insert(nonce: string, expiresIn: number): Promise<void> {
    await this.database.acrossTenants(CREATE, [nonce, expiresIn]);
  }

  /** Whether it was there, and still good. It is not afterwards. */
  async take(nonce: string): Promise<boolean> {
    const [row] = await this.database.acrossTenants<{ isGood: boolean }>(TAKE, [nonce]);
    return row?.isGood ?? false;
  }
}
