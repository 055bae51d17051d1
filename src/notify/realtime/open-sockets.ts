import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Bus } from '../../platform/cluster/bus.js';
import type { Connection } from './connection.js';
import { OpenSocketsRepository, type OpenSocketRow } from './open-sockets.repository.js';

/** Milliseconds until what could not be written is tried again. */
const RETRY = 1_000;

interface Row extends OpenSocketRow {
  readonly tenant: Tenant;
}

/**
 * Which customers have a socket open, of whichever dialect and at whichever process. Written behind the sockets' backs and
 * many at a time: a process that comes up is reconnected to by thousands. What dies with its process falls with its row in
 * `replicas`.
 */
@Injectable()
export class OpenSockets implements OnApplicationShutdown {
  private readonly outages = new OutageLog(new Logger('OpenSockets'), 'Who is connected can not be written');
  private readonly rows = new Map<Connection, Row>();
  private readonly listeners: ((clientId: string, customerIds: readonly string[]) => void)[] = [];
  private opening = new Set<Row>();
  private closing = new Set<Row>();
  private isWriting = false;
  private ended = false;

  constructor(
    private readonly repository: OpenSocketsRepository,
    private readonly bus: Bus,
  ) {
    bus.onSignal((signal) => {
      if (signal.kind === 'presence_status') {
        this.tell(signal.clientId, signal.customerIds);
      }
    });
  }

  /** `listener` is told whose status may have changed, wherever that happened. */
  onChange(listener: (clientId: string, customerIds: readonly string[]) => void): void {
    this.listeners.push(listener);
  }

  /** This customer is behind the connection: known now, or known already. */
  opened(connection: Connection, { clientId, livemode }: Tenant, customerId: string): void {
    if (!this.rows.has(connection)) {
      const row = { id: uuidv7(), tenant: { clientId, livemode }, customerId };
      this.rows.set(connection, row);
      this.opening.add(row);
      void this.write();
    }
  }

  closed(connection: Connection): void {
    const row = this.rows.get(connection);
    if (row) {
      this.rows.delete(connection);
      this.closing.add(row);
      void this.write();
    }
  }

  /** While a socket of its is open, now and later. */
  async setStatus(tenant: Tenant, customerId: string, status: string): Promise<void> {
    await this.repository.setStatus(tenant, customerId, status);
    this.changed(tenant.clientId, [customerId]);
  }

  /** What they say of themselves; who is not in it has no socket open. */
  findStatuses(tenant: Tenant, customerIds: readonly string[]): Promise<Map<string, string>> {
    return this.repository.findStatuses(tenant, customerIds);
  }

  onApplicationShutdown(): void {
    this.ended = true;
  }

  private async write(): Promise<void> {
    if (this.isWriting) {
      return;
    }
    this.isWriting = true;
    while (this.opening.size + this.closing.size > 0 && !this.ended) {
      const [opening, closing] = [this.opening, this.closing];
      [this.opening, this.closing] = [new Set(), new Set()];
      try {
        for (const [tenant, rows] of byTenant(opening)) {
          await this.repository.open(tenant, rows);
        }
        for (const [tenant, rows] of byTenant(closing)) {
          await this.repository.close(tenant, rows);
        }
        for (const [{ clientId }, rows] of byTenant([...opening, ...closing])) {
          this.changed(clientId, [...new Set(rows.map(({ customerId }) => customerId))]);
        }
        this.outages.over();
      } catch (error) {
        // Once more, all of it: what is written already is not written twice.
        this.opening = new Set([...opening, ...this.opening]);
        this.closing = new Set([...closing, ...this.closing]);
        if (!this.ended) {
          this.outages.began(error);
        }
        await sleep(RETRY, undefined, { ref: false });
      }
    }
    this.isWriting = false;
  }

  private changed(clientId: string, customerIds: readonly string[]): void {
    this.bus.send({ kind: 'presence_status', clientId, customerIds });
    this.tell(clientId, customerIds);
  }

  private tell(clientId: string, customerIds: readonly string[]): void {
    this.listeners.forEach((listener) => listener(clientId, customerIds));
  }
}

function byTenant(rows: Iterable<Row>): Iterable<readonly [Tenant, readonly Row[]]> {
  const all = new Map<string, [Tenant, Row[]]>();
  for (const row of rows) {
    const one = all.get(row.tenant.clientId) ?? [row.tenant, []];
    all.set(row.tenant.clientId, one);
    one[1].push(row);
  }
  return all.values();
}
