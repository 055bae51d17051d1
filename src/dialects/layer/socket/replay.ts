import { Injectable } from '@nestjs/common';
import { LayerRefusal } from '../layer-refusal.js';
import { AudienceRepository } from './audience.repository.js';
import { Changes } from './changes.js';
import type { LayerSocket } from './layer-socket.js';
import { Overview } from './overview.js';
import type { LayerEvent } from './event-context.js';

const BATCH = 500;
/** Events of its own that a customer is told of one by one. */
const MAX_EVENTS = 5_000;
/** Days that events are kept. */
const KEPT = 7;
const DAY = 86_400_000;
/** Milliseconds: an event is as old as its transaction, and is told when that has committed; and clocks differ. */
const SLACK = 10_000;
/** Milliseconds: younger events than this may yet come from the feed as well. */
const FRESH = 60_000;

/** Tells a socket what it missed. */
@Injectable()
export class Replay {
  constructor(
    private readonly audience: AudienceRepository,
    private readonly changes: Changes,
    private readonly overview: Overview,
  ) {}

  /**
   * All that changed since `from`, in order, and only then what changes meanwhile: each once. What was told within the last
   * seconds before `from` is told again.
   * @throws LayerRefusal where that is too long ago
   */
  async run(socket: LayerSocket, from: Date, at: Date): Promise<void> {
    if (at.getTime() - from.getTime() > KEPT * DAY) {
      throw tooLongAgo();
    }
    socket.hold();
    const told = new Set<number>();
    const since = new Date(from.getTime() - SLACK);
    try {
      const { events, crowded } = await this.missedBy(socket, since);
      for (let start = 0; start < events.length && socket.isOpen; start += BATCH) {
        const batch = events.slice(start, start + BATCH);
        for (const { type, body } of await this.changes.of(socket.client, batch, [socket.customerId])) {
          socket.sendPacket(type, body);
        }
      }
      await this.overview.tell(socket, crowded, since);
      events.filter(({ createdAt }) => at.getTime() - createdAt.getTime() < FRESH).forEach(({ seq }) => told.add(seq));
    } finally {
      socket.release(told);
    }
  }

  /** What is told one by one; and where there is too much of that, the channels where most happened, which are shown as they are. */
  private async missedBy(
    { client, customerId }: LayerSocket,
    since: Date,
  ): Promise<{ events: readonly LayerEvent[]; crowded: readonly string[] }> {
    const read = async (limit: number, of: readonly string[] | null): Promise<readonly LayerEvent[]> =>
      (await this.audience.readMissed(client, customerId, since, limit, of)) as readonly LayerEvent[];
    const all = await read(MAX_EVENTS + 1, null);
    if (all.length <= MAX_EVENTS) {
      return { events: all, crowded: [] };
    }
    const quiet: string[] = [];
    const crowded: string[] = [];
    let sum = 0;
    for (const { channelId, count } of await this.audience.countMissed(client, customerId, since, MAX_EVENTS)) {
      sum += count;
      (sum < MAX_EVENTS ? quiet : crowded).push(channelId);
    }
    return { events: await read(MAX_EVENTS, quiet), crowded };
  }
}

function tooLongAgo(): LayerRefusal {
  return new LayerRefusal('invalid_operation', 'That is too long ago: ask for the conversations and messages anew.');
}
