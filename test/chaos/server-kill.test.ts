import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Message } from '../../src/messages/message.entity.js';
import { MortalPostgres } from '../support/mortal-postgres.js';
import { freePort, startProcess, type ServerProcess } from '../support/process.js';
import { until } from '../support/until.js';

const WRITERS = 8;
/** So many are acknowledged between one kill and the next. */
const BETWEEN_KILLS = 40;

type Victim = 'server' | 'postgres';

interface Outcome {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly gaps: number;
}

/** A counted stream of messages, each under a key and tried again until it is acknowledged, while `victims` are killed. */
async function streamThrough(victims: readonly Victim[], settings: readonly string[] = []): Promise<Outcome> {
  const postgres = await MortalPostgres.start(settings);
  const { url } = postgres;
  const env = { DATABASE_URL: url, PORT: String(await freePort()), ADMIN_KEY: randomUUID(), LOG_LEVEL: 'error' };
  let server: ServerProcess = await startProcess(env);
  const post = poster(() => server.url, env.ADMIN_KEY);
  const acknowledged: string[] = [];
  try {
    const send = await post.conversation();
    // What a cluster that does not write through can lose is then the messages, not the tables.
    await query(url, 'CHECKPOINT');
    let over = false;
    const writers = Array.from({ length: WRITERS }, async () => {
      while (!over) {
        const content = randomUUID();
        if (await send(content, () => over)) {
          acknowledged.push(content);
        }
      }
    });
    const acknowledgedMore = async (): Promise<void> => {
      const before = acknowledged.length;
      await until(() => acknowledged.length >= before + BETWEEN_KILLS);
    };
    for (const victim of victims) {
      await acknowledgedMore();
      if (victim === 'postgres') {
        await postgres.kill();
        await postgres.revive();
      } else {
        await server.end('SIGKILL');
        server = await startProcess(env);
      }
    }
    await acknowledgedMore();
    over = true;
    await Promise.all(writers);
    return { acknowledged: acknowledged.length, ...(await compare(url, acknowledged)) };
  } finally {
    await server.end('SIGTERM');
    await postgres.stop();
  }
}

function poster(base: () => string, adminKey: string) {
  const post = async (path: string, body: object, headers: Record<string, string>) =>
    fetch(base() + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  return {
    /** Two customers, and how one writes to the other: true once it is acknowledged, false where `over` came first. */
    async conversation() {
      const operator = { authorization: `Bearer ${adminKey}` };
      const made = await post('/admin/v1/clients', { name: 'Acme', domain: 'localhost' }, operator);
      const client = (await made.json()) as { public_key: string; secret_key: string };
      const keys = { authorization: `Bearer ${client.secret_key}`, 'x-public-key': client.public_key };
      await post('/api/v1/customers', { name: 'John', email: 'john@example.com' }, keys);
      await post('/api/v1/customers', { name: 'Jane', email: 'jane@example.com' }, keys);
      return async (content: string, over: () => boolean): Promise<boolean> => {
        const message = {
          sender_email: 'john@example.com',
          recipient_email: 'jane@example.com',
          type: 'text',
          content,
        };
        while (!over()) {
          const headers = { ...keys, 'idempotency-key': content };
          const answer = await post('/api/v1/messages/send-to-customer', message, headers).catch(() => null);
          if (answer?.status === 201) {
            return true;
          }
          expect([undefined, 503, 409]).toContain(answer?.status);
          await sleep(50);
        }
        return false;
      };
    },
  };
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function compare(url: string, acknowledged: readonly string[]): Promise<Omit<Outcome, 'acknowledged'>> {
  const rows = await query<Pick<Message, 'content' | 'position'>>(
    url,
    'SELECT content, position FROM messages ORDER BY position',
  );
  const times = new Map<string, number>();
  rows.forEach(({ content }) => times.set(content, (times.get(content) ?? 0) + 1));
  return {
    lost: acknowledged.filter((content) => !times.has(content)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
    gaps: rows.filter(({ position }, at) => position !== at + 1).length,
  };
}

describe('kill -9 during a stream of messages', () => {
  it('keeps every acknowledged message exactly once, in an order without gaps', async () => {
    const outcome = await streamThrough(['server', 'postgres', 'server', 'postgres']);
    expect(outcome).toMatchObject({ lost: 0, doubled: 0, gaps: 0 });
  });

  it('would notice: a PostgreSQL that acknowledges before it has written loses messages', async () => {
    const outcome = await streamThrough(['postgres'], ['synchronous_commit=off', 'wal_writer_delay=10s']);
    expect(outcome.lost).toBeGreaterThan(0);
  });
});
