import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { OutageLog } from '../common/outage-log.js';
import type { Carrier } from './broadcast-bus.js';

const CHANNEL = 'parlance';
/** Milliseconds. */
const RETRY = 1_000;
/** Milliseconds between two looks whether the connection still answers: silence is all one hears of one cut off. */
const CHECK_EVERY = 10_000;
const TIMEOUTS = { connectionTimeoutMillis: 5_000, query_timeout: 5_000 };

/** LISTEN and NOTIFY on a connection of its own: a PgBouncer would share it, and the pool may be busy. */
export class PostgresCarrier implements Carrier {
  /** PostgreSQL manual, NOTIFY: the payload must be shorter than 8000 bytes. */
  readonly limit = 7_999;
  private readonly outages = new OutageLog(new Logger('Bus'), 'LISTEN was interrupted');
  private readonly ending = new AbortController();
  private client: pg.Client | undefined;
  private listening: Promise<void> | undefined;

  constructor(private readonly url: string) {}

  start(hear: (packet: string) => void, back: () => void): void {
    this.listening = this.keepListening(hear, back);
  }

  /** All in one transaction: it is committing a NOTIFY that others wait for. */
  async publish(packets: readonly string[]): Promise<void> {
    if (!this.client) {
      throw new Error('there is no connection');
    }
    await this.client.query(`SELECT pg_notify('${CHANNEL}', packet) FROM unnest($1::text[]) packet`, [packets]);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.listening;
  }

  private async keepListening(hear: (packet: string) => void, back: () => void): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.listen(hear, back).catch((error: unknown) => this.outages.began(error));
      await sleep(RETRY, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Rejects when the connection is lost; fulfilled only when it is no longer wanted. */
  private async listen(hear: (packet: string) => void, back: () => void): Promise<void> {
    const { signal } = this.ending;
    const client = new pg.Client({ connectionString: this.url, application_name: 'parlance', ...TIMEOUTS });
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject).on('end', () => reject(new Error('the connection has ended')));
    });
    // It may be lost while nobody waits for it.
    lost.catch(() => undefined);
    client.on('notification', ({ payload = '' }) => hear(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.client = client;
      this.outages.over();
      back();
      while (!signal.aborted) {
        await Promise.race([lost, sleep(CHECK_EVERY, undefined, { signal, ref: false }).catch(() => undefined)]);
        if (!signal.aborted) {
          await client.query('SELECT 1');
        }
      }
    } finally {
      this.client = undefined;
      // Not waited for where it is lost: one that is cut off never answers.
      const ended = client.end().catch(() => undefined);
      await (signal.aborted ? Promise.race([ended, sleep(RETRY, undefined, { ref: false })]) : undefined);
    }
  }
}
