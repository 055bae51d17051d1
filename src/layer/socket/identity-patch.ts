import type { CustomerRow } from './surroundings.js';
import { set, type PatchOperation } from './packets.js';

/** What an identity looks like now. */
export function identityPatch({ name, email, profile, metadata }: CustomerRow): PatchOperation[] {
  return [
    set('display_name', name),
    set('avatar_url', profile?.avatar_url ?? null),
    set('first_name', profile?.first_name ?? null),
    set('last_name', profile?.last_name ?? null),
    set('phone_number', profile?.phone_number ?? null),
    set('email_address', email),
    set('metadata', metadata ?? {}),
  ];
}
