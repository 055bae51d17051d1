import { formatId } from '../common/ids/type-id.js';
import type { CustomerProfile } from '../customers/customer.entity.js';
import { identityUri } from './layer-id.js';

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

/** What a customer is called in this dialect: its external id, or its own. */
export function userIdOf({ id, externalId }: Pick<IdentityRow, 'id' | 'externalId'>): string {
  return externalId ?? formatId('customer', id);
}

/** @param base where this dialect is mounted, as the caller sees it: `https://host/layer` */
export function presentBasicIdentity(base: string, row: IdentityRow): BasicIdentity {
  const userId = userIdOf(row);
  return {
    id: identityUri(userId),
    url: `${base}/identities/${encodeURIComponent(userId)}`,
    user_id: userId,
    display_name: row.name,
    avatar_url: row.profile?.avatar_url ?? null,
  };
}
