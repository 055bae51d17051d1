import { LayerRefusal } from '../layer-refusal.js';
import { noSuch } from '../messages/standing.js';
import type { LayerChannelRow } from './channel-row.js';

/** @throws LayerRefusal 404 */
export function known<Row>(row: Row | null | undefined): Row {
  if (row == null) {
    throw noSuch('Channel');
  }
  return row;
}

export function notAMember(): LayerRefusal {
  return new LayerRefusal('access_denied', 'You are not a member of the specified Channel.');
}

/** Everyone may join, so what changes the channel for all is for owners. @throws LayerRefusal 403 or 404 */
export function ownersOnly(row: LayerChannelRow | undefined): void {
  const { membership } = known(row);
  if (!membership) {
    throw notAMember();
  }
  if (!membership.isOwner) {
    throw new LayerRefusal('access_denied', 'Only an owner of the specified Channel may do this.');
  }
}
