import { Refusal } from '../platform/common/errors/refusal.js';
import type { MessageRow } from './messages.repository.js';

/** The id that the client chose for its message is taken: most likely by the same message, sent before. */
export class IdInUse extends Refusal {
  /** @param row the message of that id; null where the sender does not see it, or it is deleted */
  constructor(readonly row: MessageRow | null) {
    super('id_in_use', 'The id is in use');
  }
}
