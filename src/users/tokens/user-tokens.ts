import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { hashKey, isWellFormedToken, makeToken } from '../../clients/key-format.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import type { TokenPurpose } from './user-token.entity.js';
import { UserTokensRepository, type TokenOfUser, type TokenRow } from './user-tokens.repository.js';

export interface Minting {
  readonly userId: string | null;
  readonly data?: object;
  /** Seconds. */
  readonly expiresIn: number;
  /** Whether the user's earlier ones for the same purpose are void. */
  readonly voidsOthers?: boolean;
}

export interface MintedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** What can be used once. Unknown, used and expired are one answer. */
@Injectable()
export class UserTokens {
  constructor(private readonly tokens: UserTokensRepository) {}

  async mint(purpose: TokenPurpose, minting: Minting): Promise<MintedToken> {
    const { userId, data = {}, expiresIn, voidsOthers = false } = minting;
    const token = makeToken('umt');
    const tokenSha256 = hashKey(token);
    const row = { id: uuidv7(), userId, purpose, tokenSha256, data, expiresIn, voidsOthers };
    return { token, expiresAt: await this.tokens.insert(row) };
  }

  /** Without using it. @throws Refusal 400 */
  async get(purpose: TokenPurpose, token: string): Promise<TokenOfUser> {
    return (await this.tokens.find(purpose, hashOf(token))) ?? refuse();
  }

  /** Once, however many ask at once. @throws Refusal 400 */
  async use(purpose: TokenPurpose, token: string): Promise<TokenRow> {
    return (await this.tokens.use(purpose, hashOf(token))) ?? refuse();
  }
}

/** What is stored of a token. @throws Refusal 400 where it is none, without a look-up */
export function hashOf(token: string): Buffer {
  return isWellFormedToken('umt', token) ? hashKey(token) : refuse();
}

export function invalidToken(): ReasonedRefusal {
  return new ReasonedRefusal('invalid_token', 'This link or code is unknown, has been used, or has expired.');
}

function refuse(): never {
  throw invalidToken();
}
