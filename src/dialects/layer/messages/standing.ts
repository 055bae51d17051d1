import { LayerRefusal } from '../layer-refusal.js';
import type { Standing } from './message-row.js';

type What = 'Conversation' | 'Channel' | 'Membership' | 'Message';

export function noSuch(what: What): LayerRefusal {
  return new LayerRefusal('not_found', `A ${what} with the specified identifier could not be found.`);
}

export function noLongerIn(): LayerRefusal {
  return new LayerRefusal('access_denied', 'You are no longer a participant in the specified Conversation.');
}

/**
 * What is for members only: who was one is told so, and to a stranger there is nothing.
 * @throws LayerRefusal 403 or 404
 */
export function membersOnly<Row extends { readonly standing: Standing }>(row: Row | null, what: What): Row {
  if (!row) {
    throw noSuch(what);
  }
  if (row.standing === 'former') {
    throw noLongerIn();
  }
  return row;
}
