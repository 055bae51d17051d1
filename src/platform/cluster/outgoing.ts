/** What exceeds its client's share or the batch waits for the next. */
const CLIENT_SHARE_BYTES = 64 * 1024;
const BATCH_BYTES = 512 * 1024;
/** What exceeds these is lost, but for a client's first text. */
const MAX_WAITING_BYTES_PER_CLIENT = 1024 * 1024;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** What waits of one client, by name. */
interface Queue {
  readonly texts: Map<string, string>;
  bytes: number;
}

/**
 * Texts that wait to be sent in batches. Each client has a share of a batch, so that one that sends much delays
 * nobody else; what belongs to no client goes first.
 */
export class Outgoing {
  private readonly urgent = new Map<string, string>();
  /** The client whose turn is next comes first. */
  private readonly queues = new Map<string, Queue>();
  private bytes = 0;

  get isEmpty(): boolean {
    return this.urgent.size + this.queues.size === 0;
  }

  /** @param name of two texts under one name only the later is sent */
  add(clientId: string | null, name: string, text: string): void {
    if (clientId === null) {
      this.urgent.set(name, text);
      return;
    }
    const queue = this.queues.get(clientId) ?? { texts: new Map<string, string>(), bytes: 0 };
    const more = text.length - (queue.texts.get(name)?.length ?? 0);
    if (
      this.bytes + more <= MAX_WAITING_BYTES &&
      (queue.bytes === 0 || queue.bytes + more <= MAX_WAITING_BYTES_PER_CLIENT)
    ) {
      this.queues.set(clientId, queue);
      queue.texts.set(name, text);
      queue.bytes += more;
      this.bytes += more;
    }
  }

  /** The next batch; each client's texts in the order they were added. */
  take(): { readonly urgent: string[]; readonly rest: string[] } {
    const urgent = [...this.urgent.values()];
    this.urgent.clear();
    const rest: string[] = [];
    let room = BATCH_BYTES;
    for (const [clientId, queue] of [...this.queues]) {
      const taken = this.takeOf(queue, Math.min(CLIENT_SHARE_BYTES, room), rest);
      room -= taken;
      // Behind all others.
      this.queues.delete(clientId);
      if (queue.texts.size > 0) {
        this.queues.set(clientId, queue);
      }
      if (room < CLIENT_SHARE_BYTES) {
        break;
      }
    }
    return { urgent, rest };
  }

  /** Fills a share, with the first text however long it is. @returns its bytes */
  private takeOf(queue: Queue, share: number, into: string[]): number {
    let taken = 0;
    for (const [name, text] of queue.texts) {
      if (taken > 0 && taken + text.length > share) {
        break;
      }
      into.push(text);
      queue.texts.delete(name);
      taken += text.length;
    }
    queue.bytes -= taken;
    this.bytes -= taken;
    return taken;
  }
}
