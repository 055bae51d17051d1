import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { LayerMessagesRepository } from './layer-messages.repository.js';
import type { SaidRow } from './message-row.js';

/** What is about to be read of a client, by the ids of its messages. */
interface Reading {
  readonly ids: string[];
  readonly rows: Promise<ReadonlyMap<string, SaidRow>>;
}

/** Messages sent in one statement are answered in one turn of the event loop, so they are read by one as well. */
@Injectable()
export class SentMessages {
  /** By client. */
  private readonly readings = new Map<string, Reading>();

  constructor(
    private readonly rows: LayerMessagesRepository,
    private readonly database: Database,
  ) {}

  /** A message with its channel as they are now; nothing where it is gone already. */
  async find(tenant: Tenant, id: string): Promise<SaidRow | undefined> {
    // What a transaction has sent, nobody else sees.
    if (this.database.isInTransaction) {
      return (await this.rows.findMany(tenant, [id]))[0];
    }
    const reading = this.readings.get(tenant.clientId) ?? this.begin(tenant);
    reading.ids.push(id);
    return (await reading.rows).get(id);
  }

  private begin(tenant: Tenant): Reading {
    const ids: string[] = [];
    const reading = { ids, rows: this.read(tenant, ids) };
    this.readings.set(tenant.clientId, reading);
    return reading;
  }

  private async read(tenant: Tenant, ids: readonly string[]): Promise<ReadonlyMap<string, SaidRow>> {
    await setImmediate();
    this.readings.delete(tenant.clientId);
    const said = await this.rows.findMany(tenant, ids);
    return new Map(
      said.flatMap((one) => one.messages.map((message) => [message.id, { ...one, messages: [message] }] as const)),
    );
  }
}
