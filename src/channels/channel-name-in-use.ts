import { InvalidInput } from '../platform/common/errors/refusal.js';
import type { ChannelRow } from './channel-row.js';

/** The name that an open channel was to have is that of another: `row`. */
export class ChannelNameInUse extends InvalidInput {
  constructor(readonly row: ChannelRow) {
    super({ name: ['The name has already been taken by another open channel.'] });
  }
}
