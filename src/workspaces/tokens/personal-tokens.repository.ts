import { Injectable } from '@nestjs/common';
import type { Caller } from '../../clients/caller-cache.js';
import type { Client } from '../../clients/client.entity.js';
import { LOCK_CLIENT } from '../../clients/client-lock.sql.js';
import { Database, type Holder } from '../../platform/database/database.js';
import { slicedOf, type NumberedRow, type Slice, type Sliced } from '../../platform/database/numbered-list.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { PersonalToken } from './personal-token.entity.js';
import {
  COUNT_LIVE_TOKENS,
  CREATE_TOKEN,
  FIND_TOKEN,
  LIST_TOKENS,
  MARK_TOKEN_USED,
  REVOKE_TOKEN,
} from './personal-tokens.sql.js';

export type PersonalTokenRow = Omit<PersonalToken, 'clientId' | 'tokenSha256' | 'membership'>;
export type NewPersonalToken = Pick<
  PersonalToken,
  'id' | 'userId' | 'name' | 'scopes' | 'tokenSha256' | 'last4' | 'expiresAt'
>;
/** A token with the workspace it is for. */
export interface TokenCaller
  extends
    Caller,
    Pick<PersonalToken, 'id' | 'userId' | 'scopes' | 'expiresAt'>,
    Pick<Client, 'allowedIps' | 'publicKey'> {
  /** When its use was last written down. */
  lastUsedAt: Date | null;
}
type Row<T> = T & Record<string, unknown>;

@Injectable()
export class PersonalTokensRepository extends TenantRepository {
  constructor(private readonly anywhere: Database) {
    super(anywhere);
  }

  /** Until the end of the transaction nobody else adds to them. */
  async countLive(workspace: Holder, userId: string): Promise<number> {
    await this.rows(workspace, LOCK_CLIENT);
    return (await this.rows<{ live: number }>(workspace, COUNT_LIVE_TOKENS, userId))[0]!.live;
  }

  async insert(workspace: Holder, token: NewPersonalToken): Promise<PersonalTokenRow> {
    const { id, userId, name, scopes, tokenSha256, last4, expiresAt } = token;
    const values = [id, userId, name, scopes, tokenSha256, last4, expiresAt];
    return (await this.rows<Row<PersonalTokenRow>>(workspace, CREATE_TOKEN, ...values))[0]!;
  }

  /** @param userId null: of all members */
  async list(workspace: Holder, { limit, offset }: Slice, userId: string | null): Promise<Sliced<PersonalTokenRow>> {
    return slicedOf(await this.rows<Row<NumberedRow<PersonalTokenRow>>>(workspace, LIST_TOKENS, limit, offset, userId));
  }

  async revoke(workspace: Holder, id: string, userId: string | null): Promise<boolean> {
    return (await this.rows(workspace, REVOKE_TOKEN, id, userId)).length > 0;
  }

  async findByToken(tokenSha256: Buffer): Promise<TokenCaller | null> {
    const [token] = await this.anywhere.acrossTenants<Row<TokenCaller>>(FIND_TOKEN, [tokenSha256]);
    return token ?? null;
  }

  async markUsed(clientId: string, id: string, at: Date): Promise<void> {
    await this.rows({ clientId }, MARK_TOKEN_USED, id, at);
  }

  inTransaction<T>(workspace: Holder, work: () => Promise<T>): Promise<T> {
    return this.anywhere.transaction(workspace, work);
  }
}
