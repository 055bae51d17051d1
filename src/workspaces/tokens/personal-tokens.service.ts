import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { hashKey, makeKey } from '../../clients/key-format.js';
import { now } from '../../platform/common/clock.js';
import { InvalidInput, notFound, tooMany } from '../../platform/common/errors/refusal.js';
import { isAtLeast } from '../../platform/common/tenancy/roles.js';
import type { MemberAuth } from '../../platform/common/tenancy/user-credentials.js';
import type { Slice, Sliced } from '../../platform/database/numbered-list.js';
import { PersonalTokensRepository, type PersonalTokenRow } from './personal-tokens.repository.js';

export type { PersonalTokenRow };

/** Of one user in one workspace. */
export const MAX_LIVE = 50;

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date | null;
}

/** Tokens by which users' programs act in one workspace. */
@Injectable()
export class PersonalTokensService {
  constructor(private readonly tokens: PersonalTokensRepository) {}

  /** @returns the token itself, too, which is shown this once. @throws Refusal 409, or InvalidInput on `expiresAt` */
  async create({ tenant, userId }: MemberAuth, { name, scopes, expiresAt = null }: NewToken) {
    if (expiresAt !== null && expiresAt <= now()) {
      throw new InvalidInput({ expiresAt: ['The expiresAt field must be in the future.'] });
    }
    const token = makeKey('pat', tenant.livemode);
    const row = await this.tokens.inTransaction(tenant, async () => {
      if ((await this.tokens.countLive(tenant, userId)) >= MAX_LIVE) {
        throw tooMany('personal tokens', MAX_LIVE);
      }
      const secret = { tokenSha256: hashKey(token), last4: token.slice(-4) };
      return this.tokens.insert(tenant, { id: uuidv7(), userId, name, scopes: [...scopes], expiresAt, ...secret });
    });
    return { row, token };
  }

  /** One's own; an admin sees those of all. */
  list(auth: MemberAuth, slice: Slice): Promise<Sliced<PersonalTokenRow>> {
    return this.tokens.list(auth.tenant, slice, ownerOf(auth));
  }

  /** @throws Refusal 404 */
  async revoke(auth: MemberAuth, id: string): Promise<void> {
    if (!(await this.tokens.revoke(auth.tenant, id, ownerOf(auth)))) {
      throw notFound('personal_token');
    }
  }
}

/** Whose tokens a member sees; null: everybody's. */
function ownerOf({ role, userId }: MemberAuth): string | null {
  return isAtLeast(role, 'admin') ? null : userId;
}
