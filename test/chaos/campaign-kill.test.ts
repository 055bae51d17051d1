import { beforeAll, expect, it } from '@jest/globals';
import { CampaignShop } from '../support/campaigns.js';
import { givenTeams } from '../support/engagement.js';
import { MailServer, type ReceivedMail } from '../support/mail-server.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const RECIPIENTS = 2_000;
const WORKERS = 4;
const RATE_PER_MINUTE = 6_000;
const KILLS = 10;
const SECRETS = { TRACKING_SECRET: '7'.repeat(64) };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'web', ...SECRETS }));
const { team } = givenTeams(() => server);

/** When each mail came, in milliseconds. */
class CountingServer extends MailServer {
  readonly times: number[] = [];

  constructor() {
    super();
    this.received.push = (...mails: ReceivedMail[]): number => {
      this.times.push(performance.now());
      return Array.prototype.push.apply(this.received, mails);
    };
  }

  /** The most that came within so many milliseconds. */
  mostWithin(ms: number): number {
    let [most, from] = [0, 0];
    this.times.forEach((time, at) => {
      while (time - this.times[from]! > ms) {
        from += 1;
      }
      most = Math.max(most, at - from + 1);
    });
    return most;
  }
}

it('kill -9 of workers mails nobody twice, and loses nobody without saying so', async () => {
  const env = {
    ...{ ...SETTINGS, ...SECRETS, DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error', ROLE: 'worker' },
  };
  const mails = new CountingServer();
  const shop = new CampaignShop(await team(), mails);
  const { uuid } = shop.team;
  await shop.open(RATE_PER_MINUTE);
  await sql(
    `INSERT INTO customers (client_id, id, name, email)
     SELECT $1, gen_random_uuid(), 'Number ' || n, 'n' || n || '@example.org' FROM generate_series(1, $2::int) AS n`,
    ...([uuid, RECIPIENTS] as const),
  );
  const workers: ServerProcess[] = await Promise.all(Array.from({ length: WORKERS }, () => startProcess(env)));
  const { id } = await shop.draft();
  await shop.post(id, 'send');
  // Each time some more have arrived, one is killed; another starts meanwhile, however long that takes.
  const starting: Promise<void>[] = [];
  for (let kills = 1; kills <= KILLS; kills += 1) {
    await until(() => mails.received.length >= (kills * RECIPIENTS) / (KILLS + 2) && workers.length > 0, 120);
    starting.push(startProcess(env).then((worker) => void workers.push(worker)));
    await workers.shift()!.end('SIGKILL');
  }
  await Promise.all(starting);
  const campaign = await shop.becomes(id, 'sent', 120);
  expect(await Promise.all(workers.map((worker) => worker.end('SIGTERM')))).toEqual(workers.map(() => 0));
  const { sent_count: sent, failed_count: failed, skipped_count: skipped, unknown_count: unknown } = campaign;
  expect([failed, skipped]).toEqual([0, 0]);
  expect((sent as number) + (unknown as number)).toBe(RECIPIENTS);
  const rows = await sql<{ address: string; status: string }>(
    `SELECT address, status FROM campaign_recipients WHERE client_id = $1`,
    uuid,
  );
  expect(rows).toHaveLength(RECIPIENTS);
  const copies = (address: string): number => mails.to(address).length;
  expect(rows.filter(({ address }) => copies(address) > 1)).toEqual([]);
  const missing = rows.filter(({ address }) => copies(address) === 0);
  expect(missing.filter(({ status }) => status !== 'unknown')).toEqual([]);
  // What was on its way when a process was killed, and no more: a lane has one, an account five lanes.
  expect(unknown).toBeLessThanOrEqual(KILLS * 5);
  // Turns are drawn a second ahead, and a process that stood still sends at once what it had taken: 50 in each of 5 lanes.
  const [window, slack] = [10_000, RATE_PER_MINUTE / 60 + 5 * 50 * WORKERS];
  expect(mails.mostWithin(window)).toBeLessThanOrEqual((RATE_PER_MINUTE * window) / 60_000 + slack);
  await until(async () => (await sql(`SELECT FROM campaign_recipients WHERE claimed_by IS NOT NULL`)).length === 0);
  await mails.stop();
}, 400_000);
