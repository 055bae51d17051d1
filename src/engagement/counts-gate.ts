import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../platform/common/errors/refusal.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';

/** Of a client, in each process. */
const AT_ONCE = 2;
const WAIT_MS = 5_000;

/** Counts go over all rows of a client: no client has many of them under way. */
@Injectable()
export class CountsGate {
  private readonly clients = new Map<string, { running: number; readonly waiting: Set<() => void> }>();

  /** @throws Refusal 503 where nobody left for five seconds */
  async during<T>({ clientId }: Pick<Tenant, 'clientId'>, count: () => Promise<T>): Promise<T> {
    const client = this.clients.get(clientId) ?? { running: 0, waiting: new Set() };
    this.clients.set(clientId, client);
    if (client.running === AT_ONCE) {
      await this.wait(client.waiting);
    } else {
      client.running += 1;
    }
    try {
      return await count();
    } finally {
      const [next] = client.waiting;
      if (next) {
        client.waiting.delete(next);
        next();
      } else {
        client.running -= 1;
        if (client.running === 0) {
          this.clients.delete(clientId);
        }
      }
    }
  }

  /** Until somebody leaves its place to this one. */
  private async wait(waiting: Set<() => void>): Promise<void> {
    const done = new AbortController();
    let admit!: () => void;
    const admitted = new Promise<'admitted'>((resolve) => {
      admit = () => resolve('admitted');
    });
    waiting.add(admit);
    const late = sleep(WAIT_MS, 'late' as const, { ref: false, signal: done.signal }).catch(() => 'late' as const);
    const end = await Promise.race([admitted, late]);
    done.abort();
    if (end === 'late') {
      waiting.delete(admit);
      throw new Refusal('unavailable', 'This list takes too long. Narrow the filter.', { retryAfter: 1 });
    }
  }
}
