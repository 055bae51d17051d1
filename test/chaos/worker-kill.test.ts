import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { given as givenOn, type Channel, type Customer, type TestClient } from '../support/given.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { receiver, type Received } from '../support/receiver.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { endpoint } from '../support/webhooks.js';

beforeAll(async () => {
  await ownDatabase();
});
const web = useServer(() => startServer({ DATABASE_URL: process.env.TEST_DATABASE_URL! }));
const given = givenOn(() => web);

const CLIENTS = 5;
const MESSAGES = 300;
const KILLS = 16;
const WORKERS = 3;
/** How many of a hundred requests the receiver answers 500. */
const BROKEN = 15;

/** How often each id was answered 200, and the ids that came with different events. */
function tally(all: readonly Received[], failed: ReadonlySet<Received>) {
  const made = new Map<string, number>();
  const texts = new Map<string, string>();
  const unstable = new Set<string>();
  for (const received of all) {
    if (!failed.has(received)) {
      made.set(received.id, (made.get(received.id) ?? 0) + 1);
    }
    if ((texts.get(received.id) ?? received.text) !== received.text) {
      unstable.add(received.id);
    }
    texts.set(received.id, received.text);
  }
  return { made, unstable };
}

/** Says it under a key until it is taken: a database that has much else to do may take too long. @returns the id */
async function sayUntilTaken(acme: TestClient, channel: Channel, from: Customer, content: string): Promise<string> {
  const message = { channel_uuid: channel.id, sender_uuid: from.id, type: 'text', content };
  return until(async () => {
    const reply = await acme.send('POST', '/api/v1/messages', message, { 'idempotency-key': content });
    expect([201, 409, 503]).toContain(reply.status);
    return reply.status === 201 ? (reply.body.id as string) : null;
  });
}

describe('kill -9 of workers', () => {
  it('loses no event, changes no id, and leaves nothing stuck', async () => {
    const env = { ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
    const failed = new Set<Received>();
    const shop = await receiver((received, response) => {
      if (Math.random() * 100 < BROKEN) {
        failed.add(received);
        response.statusCode = 500;
      }
      setTimeout(() => response.end(), 5);
    });
    const sent: string[] = [];
    const write = async (at: number): Promise<void> => {
      const acme = await given.client();
      const { john, channel } = await given.pair(acme);
      await endpoint(acme, `${shop.url}/${at}`, ['message.created']);
      for (let count = 0; count < MESSAGES; count += 1) {
        sent.push(await sayUntilTaken(acme, channel, john, `Message ${count}`));
      }
    };
    /** A minute's waiting is nothing to a worker, and too long for a test. */
    const hurry = setInterval(() => {
      sql(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending' AND attempts > 0`).catch(
        () => undefined,
      );
    }, 500);
    const workers: ServerProcess[] = await Promise.all(Array.from({ length: WORKERS }, () => startProcess(env)));
    const writers = Promise.all(Array.from({ length: CLIENTS }, (_, at) => write(at)));
    for (let kills = 0; kills < KILLS; kills += 2) {
      workers.push(...(await Promise.all([startProcess(env), startProcess(env)])));
      await Promise.all(workers.splice(0, 2).map((worker) => worker.end('SIGKILL')));
    }
    await writers;
    await shop.until((all) => tally(all, failed).made.size === CLIENTS * MESSAGES);
    while ((await sql(`SELECT FROM webhook_deliveries WHERE status <> 'delivered' LIMIT 1`)).length > 0) {
      // The last one was answered, and is about to be noted.
    }
    clearInterval(hurry);
    await Promise.all(workers.map((worker) => worker.end('SIGTERM')));

    const { made, unstable } = tally(shop.all, failed);
    expect(unstable.size).toBe(0);
    const told = new Set(shop.all.map(({ body }) => body.data.id as string));
    expect(sent.filter((id) => !told.has(id))).toEqual([]);
    expect(told.size).toBe(CLIENTS * MESSAGES);
    // What was answered and not noted before its worker died comes again: at most one at each endpoint for each kill.
    const doubled = [...made.values()].filter((times) => times > 1).length;
    expect(doubled).toBeLessThanOrEqual(KILLS * CLIENTS);
    expect(failed.size).toBeGreaterThan(CLIENTS * MESSAGES * 0.1);
    expect(await sql('SELECT FROM webhook_endpoints WHERE leased_by IS NOT NULL')).toEqual([]);
    await shop.close();
  }, 600_000);
});

describe('kill -9 of the server', () => {
  it('leaves an event for each message, and none without', async () => {
    const acme = await given.client();
    const { john, channel } = await given.pair(acme);
    await endpoint(acme, 'https://example.invalid/');
    await endpoint(acme, 'https://example.invalid/', ['message.created']);
    for (let kills = 0; kills < 3; kills += 1) {
      const server = await startProcess({
        ROLE: 'web',
        DATABASE_URL: process.env.TEST_DATABASE_URL!,
        LOG_LEVEL: 'error',
      });
      const body = JSON.stringify({ channel_uuid: channel.id, sender_uuid: john.id, type: 'text', content: 'Hi' });
      let answered = 0;
      const writers = Array.from({ length: 8 }, () => stream(acme, server.url, body, () => (answered += 1)));
      while (answered < 50) {
        await new Promise(setImmediate);
      }
      await server.end('SIGKILL');
      await Promise.all(writers);
    }
    const [row] = await sql<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM messages WHERE client_id = $1) AS messages,
              (SELECT count(*)::int FROM messages WHERE client_id = $1 AND id::text IN (
                 SELECT data->>'id' FROM events WHERE client_id = $1)) AS told,
              (SELECT count(*)::int FROM events WHERE client_id = $1) AS events,
              (SELECT count(*)::int FROM webhook_deliveries WHERE client_id = $1) AS deliveries`,
      acme.uuid,
    );
    const { messages } = row!;
    expect(messages).toBeGreaterThanOrEqual(150);
    expect(row).toEqual({ messages, told: messages, events: messages, deliveries: 2 * messages! });
  });
});

/** Sends until the server is gone. */
async function stream({ headers }: TestClient, url: string, body: string, answered: () => void): Promise<void> {
  for (;;) {
    const sent = { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const answer = await fetch(`${url}/api/v1/messages`, { method: 'POST', headers: sent, body }).catch(() => null);
    if (answer?.status !== 201) {
      return;
    }
    answered();
  }
}
