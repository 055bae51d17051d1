import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectExactRows } from '../support/exact.js';
import { MortalPostgres } from '../support/mortal-postgres.js';
import { freePort, startProcess, type ServerProcess } from '../support/process.js';
import { atOnce, pick } from '../support/races.js';
import { given as givenOn } from '../support/given.js';
import { crowdOf, expectKept, send, type Crowd, type Sent } from '../support/sending.js';
import { ADMIN_KEY } from '../support/settings.js';
import { until } from '../support/until.js';

const SENDERS = 64;
/** So many are acknowledged between one kill and the next. */
const BETWEEN_KILLS = 120;

let postgres: MortalPostgres;
let server: ServerProcess;
let env: Record<string, string>;
const given = givenOn(() => server);

beforeAll(async () => {
  postgres = await MortalPostgres.start();
  process.env.TEST_DATABASE_URL = postgres.url;
  env = { DATABASE_URL: postgres.url, PORT: String(await freePort()), LOG_LEVEL: 'error', ADMIN_KEY };
  server = await startProcess(env);
});
afterAll(async () => {
  await server.end('SIGTERM');
  await postgres.stop();
});

const kills = {
  server: async () => {
    await server.end('SIGKILL');
    server = await startProcess(env);
  },
  postgres: async () => {
    await postgres.kill();
    await postgres.revive();
  },
};

/** What one sender says until it is over: each once more until it is answered, where it has a key. */
async function speak({ acme, channels, customers }: Crowd, at: number, isOver: () => boolean, told: Sent[]) {
  const hasKey = at % 2 === 0;
  const tries: Sent[] = [];
  for (let number = 0; !isOver(); number += 1) {
    const content = `${at} ${number}`;
    const headers: Record<string, string> = hasKey ? { 'idempotency-key': content } : {};
    let sent: Sent;
    do {
      sent = await send(server.url, acme, pick(channels, at / 2), pick(customers, at), { content, headers });
      expect([201, 503, 409, null]).toContain(sent.status);
      if (sent.status !== 201) {
        await sleep(20);
      }
    } while (hasKey && sent.status !== 201);
    tries.push(sent);
    if (sent.status === 201) {
      told.push(sent);
    }
  }
  return tries;
}

describe('kill -9 while 64 send', () => {
  it('keeps what was acknowledged, exactly once under a key, and without one nothing that was not asked for', async () => {
    const world = await crowdOf(given);
    const told: Sent[] = [];
    let over = false;
    const speaking = atOnce(SENDERS, (at) => speak(world, at, () => over, told));
    try {
      for (const victim of ['server', 'postgres', 'postgres'] as const) {
        const before = told.length;
        await until(() => told.length >= before + BETWEEN_KILLS);
        await kills[victim]();
      }
      const before = told.length;
      await until(() => told.length >= before + BETWEEN_KILLS);
    } finally {
      over = true;
    }
    const sent = await speaking;
    const keyed = sent.filter((_, at) => at % 2 === 0).flat();
    expect(keyed.filter(({ status }) => status !== 201)).toEqual([]);
    const unsure = sent.flat().filter(({ status }) => status !== 201);
    // A kill in the middle of sends leaves some without an answer, or proves nothing.
    expect(unsure.length).toBeGreaterThan(0);
    await expectKept(world.acme, sent, new Set(unsure.map(({ content }) => content)));
    await expectExactRows(world.acme.uuid);
  });
});
