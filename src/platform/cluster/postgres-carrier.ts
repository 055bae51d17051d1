import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { OutageLog } from '../common/outage-log.js';
import type { Carrier } from './broadcast-bus.js';

const CHANNEL = 'parlance';
const RETRY_MS = 1_000;
/** A connection that is cut off is noticed only by asking. */
const CHECK_EVERY_MS = 10_000;
const TIMEOUTS = { connectionTimeoutMillis: 5_000, query_timeout: 5_000 };

/** LISTEN and NOTIFY, on a connection of its own: the pool's may be busy, or shared by a PgBouncer. */
export class PostgresCarrier implements Carrier {
  /** PostgreSQL manual, NOTIFY: the payload must be shorter than 8000 bytes. */
  readonly maxPacketBytes = 7_999;
  private readonly outages = new OutageLog(new Logger('Bus'), 'LISTEN was interrupted');
  private readonly ending = new AbortController();
  private client: pg.Client | undefined;
  private listening: Promise<void> | undefined;

  constructor(private readonly url: string) {}

  start(onPacket: (packet: string) => void, onReconnect: () => void): void {
    this.listening = this.keepListening(onPacket, onReconnect);
  }

  /** All in one transaction: each commit of a NOTIFY makes others wait. */
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

  private async keepListening(onPacket: (packet: string) => void, onReconnect: () => void): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.listen(onPacket, onReconnect).catch((error: unknown) => this.outages.began(error));
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Rejects when the connection is lost; fulfilled only when it is no longer wanted. */
  private async listen(onPacket: (packet: string) => void, onReconnect: () => void): Promise<void> {
    const { signal } = this.ending;
    const client = new pg.Client({ connectionString: this.url, application_name: 'parlance', ...TIMEOUTS });
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject).on('end', () => reject(new Error('the connection has ended')));
    });
    // Not an unhandled rejection where it is lost while nobody awaits it.
    lost.catch(() => undefined);
    client.on('notification', ({ payload = '' }) => onPacket(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.client = client;
      this.outages.over();
      onReconnect();
      while (!signal.aborted) {
        await Promise.race([lost, sleep(CHECK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)]);
        if (!signal.aborted) {
          await client.query('SELECT 1');
        }
      }
    } finally {
      this.client = undefined;
      // Awaited at the end of the process only: a connection that was cut off never answers.
      const ended = client.end().catch(() => undefined);
      await (signal.aborted ? Promise.race([ended, sleep(RETRY_MS, undefined, { ref: false })]) : undefined);
    }
  }
}
