import { isDeepStrictEqual } from 'node:util';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Replicas } from '../../platform/cluster/replicas.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import { Sweep } from './sweep.js';

/**
 * Keeps a connection for each of the rows that this process holds, opened anew where its row has changed. A process gives its
 * rows up by dying, or where they are no longer to be held.
 */
export abstract class Keeper<Row extends { readonly id: string }, Connection>
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  protected readonly logger: Logger;
  protected readonly outages: OutageLog;
  private readonly sweep = new Sweep(() => this.look());
  private readonly kept = new Map<string, { readonly row: Row; readonly connection: Connection }>();

  /** @param outage what is logged while the rows can not be read */
  protected constructor(
    protected readonly replicas: Replicas,
    name: string,
    outage: string,
  ) {
    this.logger = new Logger(name);
    this.outages = new OutageLog(this.logger, outage);
  }

  onApplicationBootstrap(): void {
    void this.replicas.registered.then(() => this.sweep.start());
  }

  onModuleDestroy(): void {
    void this.sweep.end();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await Promise.all([...this.kept.keys()].map((id) => this.end(id)));
  }

  /** What this process holds from now on. */
  protected abstract hold(): Promise<readonly Row[]>;

  protected abstract open(row: Row): Promise<Connection>;

  protected abstract close(connection: Connection, row: Row): Promise<void>;

  private async look(): Promise<void> {
    try {
      const held = await this.hold();
      const ids = new Set(held.map(({ id }) => id));
      await Promise.all([...this.kept.keys()].filter((id) => !ids.has(id)).map((id) => this.end(id)));
      for (const row of held) {
        // What can not be opened must not keep the others from their connections.
        await this.keep(row).catch((error: unknown) => this.logger.error(error));
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  /** As it is set now. */
  private async keep(row: Row): Promise<void> {
    const kept = this.kept.get(row.id);
    if (kept && isDeepStrictEqual(kept.row, row)) {
      return;
    }
    await this.end(row.id);
    this.kept.set(row.id, { row, connection: await this.open(row) });
  }

  private async end(id: string): Promise<void> {
    const kept = this.kept.get(id);
    this.kept.delete(id);
    if (kept) {
      await this.close(kept.connection, kept.row);
    }
  }
}
