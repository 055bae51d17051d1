import { Refusal } from '../platform/common/errors/refusal.js';
import type { ChannelRow } from './channel-row.js';

/** The id that a new channel was to have is taken by `row`, which the caller may not be allowed to see. */
export class ChannelIdInUse extends Refusal {
  constructor(readonly row: ChannelRow) {
    super('id_in_use', 'This id is in use.');
  }
}
