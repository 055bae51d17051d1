import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Bus } from '../../platform/cluster/bus.js';
import type { Connection } from './connection.js';
import { OpenSocketsRepository, type OpenSocketRow } from './open-sockets.repository.js';

const RETRY_MS = 1_000;

interface Row extends OpenSocketRow {
  readonly tenant: Tenant;
}

/**
 * Which customers have a socket open, in any dialect and at any process. Written in the background and many at a time: when
 * a process starts, thousands connect again. The rows of a process that dies go with its row in `replicas`.
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
        this.notify(signal.clientId, signal.customerIds);
      }
    });
  }

  /** `listener` gets the customers whose status may have changed, at any process. */
  onChange(listener: (clientId: string, customerIds: readonly string[]) => void): void {
    this.listeners.push(listener);
  }

  /** This connection is the customer's. May be called again for the same one. */
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

  /** The status shown while the customer has a socket open, now and later. */
  async setStatus(tenant: Tenant, customerId: string, status: string): Promise<void> {
    await this.repository.setStatus(tenant, customerId, status);
    this.changed(tenant.clientId, [customerId]);
  }

  /** The status of those who have a socket open. */
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
        // All of it again: rows that are there already are not written twice.
        this.opening = new Set([...opening, ...this.opening]);
        this.closing = new Set([...closing, ...this.closing]);
        if (!this.ended) {
          this.outages.began(error);
        }
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    this.isWriting = false;
  }

  private changed(clientId: string, customerIds: readonly string[]): void {
    this.bus.send({ kind: 'presence_status', clientId, customerIds });
    this.notify(clientId, customerIds);
  }

  private notify(clientId: string, customerIds: readonly string[]): void {
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
