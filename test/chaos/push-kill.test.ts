import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess, type ServerProcess } from '../support/process.js';
import { PushWorld } from '../support/push-world.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const MESSAGES = 150;
const KILLS = 8;
/** How many of a hundred pushes Google answers 503. */
const BROKEN = 10;

const world = new PushWorld();
beforeAll(async () => {
  await ownDatabase();
  await world.start('web');
});
afterAll(() => world.stop());

describe('kill -9 of workers', () => {
  it('loses no notification', async () => {
    const env = {
      ...world.settings(),
      ROLE: 'worker',
      DATABASE_URL: process.env.TEST_DATABASE_URL!,
      LOG_LEVEL: 'error',
    };
    const { acme, john, jane, channel, token } = await world.pair(world.kinds.fcm);
    const other = await world.kinds.fcm.register(acme, jane);
    const arrived = new Set<string>();
    world.fcm.answer = ({ token: to, body }) => {
      if (Math.random() * 100 < BROKEN) {
        return { status: 503 };
      }
      arrived.add(`${to} ${body.data.message_id}`);
      return { status: 200 };
    };
    /** A minute's waiting is nothing to a worker, and too long for a test; it is as if its lease had ended. */
    const hurry = setInterval(() => void world.hurry(acme).catch(() => undefined), 1_000);
    const workers: ServerProcess[] = [await startProcess(env), await startProcess(env)];
    const said = (async () => {
      for (let at = 0; at < MESSAGES; at += 1) {
        await world.say(acme, channel, john, { text: `Hello ${at}` });
      }
    })();
    for (let kills = 0; kills < KILLS; kills += 1) {
      workers.push(await startProcess(env));
      await workers.shift()!.end('SIGKILL');
    }
    await said;
    await until(async () => (await sql('SELECT FROM notifications')).length === 0);
    await until(async () => (await sql('SELECT FROM pushes')).length === 0);
    clearInterval(hurry);
    expect(await Promise.all(workers.map((worker) => worker.end('SIGTERM')))).toEqual([0, 0]);
    expect(arrived.size).toBe(2 * MESSAGES);
    expect(world.fcm.to(token).length + world.fcm.to(other).length).toBeGreaterThanOrEqual(2 * MESSAGES);
  }, 600_000);
});
