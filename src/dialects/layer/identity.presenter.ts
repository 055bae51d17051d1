import { formatId } from '../../platform/common/ids/type-id.js';
import type { CustomerProfile } from '../../customers/customer.entity.js';
import type { FullIdentityRow } from './identities/identity-row.js';
import { escapeUserId, identityUri } from './layer-id.js';

/** What is read of a customer to show it as an identity. */
export interface IdentityRow {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly profile: CustomerProfile | null;
}

/** An identity as it is embedded. */
export interface BasicIdentity {
  readonly id: string;
  readonly url: string;
  readonly user_id: string;
  readonly display_name: string;
  readonly avatar_url: string | null;
}

/** All of an identity. */
export interface FullIdentity extends BasicIdentity {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly phone_number: string | null;
  readonly email_address: string | null;
  readonly public_key: null;
  readonly metadata: Record<string, unknown>;
  readonly identity_type: 'user';
}

/** What a customer is called in this dialect: its external id, or its own. */
export function userIdOf({ id, externalId }: Pick<IdentityRow, 'id' | 'externalId'>): string {
  return externalId ?? formatId('customer', id);
}

/** @param base where this dialect is mounted, as the caller sees it: `https://host/layer` */
export function presentBasicIdentity(base: string, row: IdentityRow): BasicIdentity {
  const userId = userIdOf(row);
  return {
    id: identityUri(userId),
    url: `${base}/identities/${escapeUserId(userId)}`,
    user_id: userId,
    display_name: row.name,
    avatar_url: row.profile?.avatar_url ?? null,
  };
}

export function presentIdentity(base: string, row: FullIdentityRow): FullIdentity {
  const { first_name = null, last_name = null, phone_number = null } = row.profile ?? {};
  return {
    ...presentBasicIdentity(base, row),
    ...{ first_name, last_name, phone_number, email_address: row.email },
    ...{ public_key: null, metadata: row.metadata ?? {}, identity_type: 'user' },
  };
}
