import { Refusal } from '../../platform/common/errors/refusal.js';
import type { TimelineItem } from './timeline.service.js';

/** The team has replied since the one who replies looked; with that reply, and as it is shown. */
export class StaleReply extends Refusal {
  constructor(
    readonly newest: TimelineItem,
    data?: object,
  ) {
    super('already_exists', 'Somebody else has replied meanwhile.', data ? { data } : {});
  }
}
