import { beforeAll, describe, expect, it } from '@jest/globals';
import { deliveriesOf, miscounted, phonesOn } from '../support/phones.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const MESSAGES = 300;
const KILLS = 6;

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'web' }));
const given = phonesOn(() => server);

describe('kill -9 of workers', () => {
  it('sends no text message twice, and leaves none without an end', async () => {
    const env = { ...SETTINGS, ROLE: 'worker', DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
    const acme = await given.client();
    const { say } = await given.thread(acme, '+14155552671');
    /** As if leases had ended, and it were time to ask the provider again. */
    const hurry = setInterval(
      () =>
        void sql(
          `UPDATE delivery_jobs SET next_attempt_at = now()
           WHERE next_attempt_at > now() AND (kind <> 'send' OR created_at < now() - interval '5 seconds')`,
        ).catch(() => undefined),
      1_000,
    );
    const workers: ServerProcess[] = [await startProcess(env), await startProcess(env)];
    const said = (async () => {
      for (let at = 0; at < MESSAGES; at += 1) {
        await say(`Hello ${at}`);
      }
    })();
    for (let kills = 0; kills < KILLS; kills += 1) {
      workers.push(await startProcess(env));
      await workers.shift()!.end('SIGKILL');
    }
    await said;
    await until(async () => (await sql('SELECT FROM delivery_jobs')).length === 0);
    clearInterval(hurry);
    expect(await Promise.all(workers.map((worker) => worker.end('SIGTERM')))).toEqual([0, 0]);
    const all = await deliveriesOf(acme);
    expect(all).toHaveLength(MESSAGES);
    expect(all.filter(({ attempts }) => attempts !== 1)).toEqual([]);
    const odd = all.filter(({ status, error_code }) => status !== 'delivered' && error_code !== 'outcome_unknown');
    expect(odd).toEqual([]);
    expect(all.filter(({ status }) => status === 'delivered').length).toBeGreaterThan(MESSAGES / 2);
    expect(await miscounted(acme)).toEqual([]);
  }, 600_000);
});
