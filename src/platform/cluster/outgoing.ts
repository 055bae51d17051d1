/** Bytes of one client in a batch, and of all together: what comes on top waits for the next. */
const SHARE = 64 * 1024;
const BATCH = 512 * 1024;
/** Bytes of one client that wait at most, but for its first text, and of all together; what comes on top is lost. */
const MAX_WAITING_OF_ONE = 1024 * 1024;
const MAX_WAITING = 16 * 1024 * 1024;

/** What of one client waits, by what makes two signals one. */
interface Queue {
  readonly texts: Map<string, string>;
  bytes: number;
}

/**
 * Texts that wait to be carried away in batches. Each client has a share of a batch, so that one that says much delays
 * itself and nobody else; what is of no client goes first.
 */
export class Outgoing {
  private readonly urgent = new Map<string, string>();
  /** In the order of their turns. */
  private readonly queues = new Map<string, Queue>();
  private bytes = 0;

  get isEmpty(): boolean {
    return this.urgent.size + this.queues.size === 0;
  }

  /** @param name of two under one name the later stands for both */
  add(clientId: string | null, name: string, text: string): void {
    if (clientId === null) {
      this.urgent.set(name, text);
      return;
    }
    const queue = this.queues.get(clientId) ?? { texts: new Map<string, string>(), bytes: 0 };
    const more = text.length - (queue.texts.get(name)?.length ?? 0);
    if (this.bytes + more <= MAX_WAITING && (queue.bytes === 0 || queue.bytes + more <= MAX_WAITING_OF_ONE)) {
      this.queues.set(clientId, queue);
      queue.texts.set(name, text);
      queue.bytes += more;
      this.bytes += more;
    }
  }

  /** The next batch, in the order in which each client said it. */
  take(): { readonly urgent: string[]; readonly rest: string[] } {
    const urgent = [...this.urgent.values()];
    this.urgent.clear();
    const rest: string[] = [];
    let room = BATCH;
    for (const [clientId, queue] of [...this.queues]) {
      const taken = this.takeOf(queue, Math.min(SHARE, room), rest);
      room -= taken;
      // Its next turn comes after everybody else's.
      this.queues.delete(clientId);
      if (queue.texts.size > 0) {
        this.queues.set(clientId, queue);
      }
      if (room < SHARE) {
        break;
      }
    }
    return { urgent, rest };
  }

  /** Fills up a share, the first text however long it is. Answers how many bytes that were. */
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
