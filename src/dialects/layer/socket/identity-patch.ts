import { presentIdentity } from '../identity.presenter.js';
import { ANY_BASE } from './packet-body.js';
import { set, type PatchOperation } from './packets.js';
import type { CustomerRow } from './event-context.js';

/** All but the id. */
const CHANGING = [
  ...(['display_name', 'avatar_url', 'first_name', 'last_name', 'phone_number'] as const),
  ...(['email_address', 'public_key', 'metadata'] as const),
];

/** Sets every property: the event does not say which of them changed. */
export function identityPatch(row: CustomerRow): PatchOperation[] {
  const identity = presentIdentity(ANY_BASE, row);
  return CHANGING.map((property) => set(property, identity[property]));
}
