import { Injectable } from '@nestjs/common';
import { LayerRefusal } from '../layer-refusal.js';
import { AudienceRepository, type PassedEvent } from './audience.repository.js';
import { Changes } from './changes.js';
import type { LayerSocket } from './layer-socket.js';
import type { LayerEvent } from './surroundings.js';

const BATCH = 500;
/** Events of the client that are looked at; who missed more asks for everything anew, which is less. */
const MAX_EVENTS = 10_000;
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
    try {
      const events = await this.eventsSince(socket, from.getTime() - SLACK);
      for (let start = 0; start < events.length && socket.isOpen; start += BATCH) {
        const batch = events.slice(start, start + BATCH);
        for (const { type, body } of await this.changes.of(socket.client, batch, [socket.customerId])) {
          socket.sendPacket(type, body);
        }
      }
      events.filter(({ createdAt }) => at.getTime() - createdAt.getTime() < FRESH).forEach(({ seq }) => told.add(seq));
    } finally {
      socket.release(told);
    }
  }

  /** Oldest first. Numbers are drawn before the commit, so a few of an older time may stand among the younger. */
  private async eventsSince({ client, customerId }: LayerSocket, since: number): Promise<LayerEvent[]> {
    const found: PassedEvent[] = [];
    let before: number | null = null;
    for (let looked = 0; looked < MAX_EVENTS; looked += BATCH) {
      const page = await this.audience.readBack(client, customerId, before, BATCH);
      const recent = page.filter(({ createdAt }) => createdAt.getTime() >= since);
      found.push(...recent.filter(({ data }) => data !== null));
      if (page.length < BATCH || recent.length === 0) {
        return found.reverse() as LayerEvent[];
      }
      before = page.at(-1)!.seq;
    }
    throw tooLongAgo();
  }
}

function tooLongAgo(): LayerRefusal {
  return new LayerRefusal('invalid_operation', 'That is too long ago: ask for the conversations and messages anew.');
}
