import { EventEmitter, once } from 'node:events';
import { WorkSlots } from '../../../notify/worker/work-slots.js';

/** Each mail is in memory as a whole while it is fetched and kept. */
const MAX_MAILS = 8;
const MAX_MAILS_PER_CLIENT = 2;

/** Mails that this process fetches at once, over all mailboxes. */
export class ImapSlots {
  private readonly slots = new WorkSlots(MAX_MAILS, MAX_MAILS_PER_CLIENT);
  private readonly changes = new EventEmitter().setMaxListeners(0);

  /** @throws Error where it is aborted while it waits */
  async run<T>(clientId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    while (!this.slots.hasRoomFor(clientId)) {
      await once(this.changes, 'left', { signal });
    }
    return new Promise<T>((resolve, reject) => {
      this.slots.take(
        clientId,
        () => work().then(resolve, reject),
        () => this.changes.emit('left'),
      );
    });
  }
}
