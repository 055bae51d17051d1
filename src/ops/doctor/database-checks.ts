import { once } from 'node:events';
import pg from 'pg';
import { now, ticks } from '../../platform/common/clock.js';
import { SECOND_MS } from '../../platform/common/durations.js';
import type { DataModel } from '../../platform/database/options.js';
import { Schema } from '../../platform/database/schema.js';
import { failure, ok, timed, warning, type Check } from './check.js';

export interface DatabaseUrls {
  readonly url: string;
  /** Past a PgBouncer, where there is one. */
  readonly directUrl: string;
}

/** PostgreSQL's `server_version_num`. */
const OLDEST_VERSION = 140_000;
/** Milliseconds. All processes go by the clock of the database; logs and proxies do not. */
const CLOCK_MAY_DIFFER_MS = 1_000;
const TIMEOUT_MS = 5 * SECOND_MS;
const CHANNEL = 'parlance_doctor';

/** Of the database: whether it answers, is of this release, has room, hears NOTIFY, and what its clock says. */
export function databaseChecks({ url, directUrl }: DatabaseUrls, model: DataModel, poolSize: number): Check[] {
  return [
    {
      name: 'database',
      look: () =>
        connected(url, async (client) => {
          const took = await timed(() => client.query('SELECT 1'));
          const version = Number(await setting(client, 'server_version_num'));
          const says = `PostgreSQL ${await setting(client, 'server_version')} at ${new URL(url).host} answers in ${took} ms`;
          return version < OLDEST_VERSION ? failure(`${says}, but 14 or newer is needed`) : ok(says);
        }),
    },
    {
      name: 'schema',
      look: async () => {
        const state = await new Schema(directUrl, model).state();
        return {
          current: () => ok('of this release'),
          not_migrated: () => failure('older than this release: run migration:run'),
          newer_release: () => failure('of a newer release than this one'),
        }[state]();
      },
    },
    {
      name: 'connections',
      look: () =>
        connected(directUrl, async (client) => {
          const most = Number(await setting(client, 'max_connections'));
          const [row] = (await client.query<{ used: string }>('SELECT count(*) AS used FROM pg_stat_activity')).rows;
          const says = `${row!.used} of ${most} are open, and each process opens up to ${poolSize} (DATABASE_POOL)`;
          return Number(row!.used) + poolSize > most ? warning(`${says}: too many for one more`) : ok(says);
        }),
    },
    {
      name: 'notifications',
      look: () =>
        connected(directUrl, async (client) => {
          await client.query(`LISTEN ${CHANNEL}`);
          const heard = once(client, 'notification', { signal: AbortSignal.timeout(TIMEOUT_MS) });
          // Past a PgBouncer in transaction mode the next statement may be another connection's.
          heard.catch(() => undefined);
          await client.query(`NOTIFY ${CHANNEL}`);
          return heard.then(
            () => ok('LISTEN hears NOTIFY'),
            () => failure('LISTEN hears nothing: set DATABASE_DIRECT_URL to PostgreSQL itself'),
          );
        }),
    },
    {
      name: 'clock',
      look: () =>
        connected(url, async (client) => {
          const asked = ticks();
          const { rows } = await client.query<{ ms: string }>(
            'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms',
          );
          const ahead = Math.round(now().getTime() - (ticks() - asked) / 2 - Number(rows[0]!.ms));
          const says = `${Math.abs(ahead)} ms ${ahead < 0 ? 'behind' : 'ahead of'} the database`;
          return Math.abs(ahead) > CLOCK_MAY_DIFFER_MS ? warning(`${says}: is NTP on?`) : ok(says);
        }),
    },
  ];
}

async function setting(client: pg.Client, name: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  return rows[0]!.value;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: 'parlance-doctor',
  });
  // Unheard, the end of a connection would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
