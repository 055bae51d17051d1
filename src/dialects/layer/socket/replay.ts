import { Injectable } from '@nestjs/common';
import { LayerRefusal } from '../layer-refusal.js';
import { DAY_MS } from '../../../platform/common/durations.js';
import { AudienceRepository } from './audience.repository.js';
import { Changes } from './changes.js';
import type { LayerSocket } from './layer-socket.js';
import { Overview } from './overview.js';
import type { LayerEvent } from './event-context.js';

const BATCH = 500;
/** Events that are replayed one by one. */
const MAX_EVENTS = 5_000;
/** How long events are kept. */
const RETENTION_MS = 7 * DAY_MS;
/** An event bears the time its transaction began and is sent once that has committed; and clocks differ. */
const OVERLAP_MS = 10_000;
/** The feed may bring younger events than this a second time. */
const MAY_ARRIVE_TWICE_MS = 60_000;

/** Sends a socket what it missed. */
@Injectable()
export class Replay {
  constructor(
    private readonly audience: AudienceRepository,
    private readonly changes: Changes,
    private readonly overview: Overview,
  ) {}

  /**
   * All that changed since `from`, in order, and only then what changes meanwhile: each once. Changes of the last
   * seconds before `from` are sent again.
   * @throws LayerRefusal where that is too long ago
   */
  async run(socket: LayerSocket, from: Date, at: Date): Promise<void> {
    if (at.getTime() - from.getTime() > RETENTION_MS) {
      throw tooLongAgo();
    }
    socket.hold();
    const replayed = new Set<number>();
    const since = new Date(from.getTime() - OVERLAP_MS);
    try {
      const { events, crowded } = await this.missedBy(socket, since);
      for (let start = 0; start < events.length && socket.isOpen; start += BATCH) {
        const batch = events.slice(start, start + BATCH);
        for (const { type, body } of await this.changes.of(socket.client, batch, [socket.customerId])) {
          socket.sendPacket(type, body);
        }
      }
      await this.overview.send(socket, crowded, since);
      events
        .filter(({ createdAt }) => at.getTime() - createdAt.getTime() < MAY_ARRIVE_TWICE_MS)
        .forEach(({ seq }) => replayed.add(seq));
    } finally {
      socket.release(replayed);
    }
  }

  /**
   * The events to replay; where there are too many, the busiest channels are left out of them and shown as they are
   * now.
   */
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
