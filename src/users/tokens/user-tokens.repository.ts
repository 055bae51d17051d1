import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { TokenPurpose, UserToken } from './user-token.entity.js';
import { FIND, MINT, USE } from './user-tokens.sql.js';

export type TokenRow = Pick<UserToken, 'userId' | 'data'>;
export type TokenOfUser = TokenRow & { readonly email: string | null; readonly name: string | null };

export type NewToken = Pick<UserToken, 'id' | 'userId' | 'purpose' | 'tokenSha256' | 'data'> & {
  /** Seconds. */
  readonly expiresIn: number;
  /** Whether the user's earlier ones for the same purpose are void. */
  readonly voidsOthers: boolean;
};

@Injectable()
export class UserTokensRepository {
  constructor(private readonly database: Database) {}

  async insert({ id, userId, purpose, tokenSha256, data, expiresIn, voidsOthers }: NewToken): Promise<Date> {
    const values = [id, userId, purpose, tokenSha256, data, expiresIn, voidsOthers];
    const [row] = await this.database.acrossTenants<{ expiresAt: Date }>(MINT, values);
    return row!.expiresAt;
  }

  async find(purpose: TokenPurpose, tokenSha256: Buffer): Promise<TokenOfUser | null> {
    return (
      (await this.database.acrossTenants<TokenOfUser & Record<string, unknown>>(FIND, [tokenSha256, purpose]))[0] ??
      null
    );
  }

  async use(purpose: TokenPurpose, tokenSha256: Buffer): Promise<TokenRow | null> {
    return (
      (await this.database.acrossTenants<TokenRow & Record<string, unknown>>(USE, [tokenSha256, purpose]))[0] ?? null
    );
  }
}
