import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CampaignShop } from '../support/campaigns.js';
import { givenTeams } from '../support/engagement.js';
import { MailServer } from '../support/mail-server.js';
import { MortalPostgres } from '../support/mortal-postgres.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { SETTINGS } from '../support/settings.js';
import { sql } from '../support/sql.js';
import { until } from '../support/until.js';

const RECIPIENTS = 600;
const OUTAGES = 3;
const LANES = 5;

let postgres: MortalPostgres;
let server: ServerProcess;
const { team } = givenTeams(() => server);

beforeAll(async () => {
  postgres = await MortalPostgres.start();
  process.env.TEST_DATABASE_URL = postgres.url;
  const env = {
    ...SETTINGS,
    DATABASE_URL: postgres.url,
    LOG_LEVEL: 'error',
    ROLE: 'all',
    TRACKING_SECRET: '7'.repeat(64),
  };
  server = await startProcess(env);
});
afterAll(async () => {
  await server.end('SIGTERM');
  await postgres.stop();
});

it('a campaign goes on by itself whenever PostgreSQL is back, and mails nobody twice', async () => {
  const mails = new MailServer();
  const shop = new CampaignShop(await team(), mails);
  const { uuid } = shop.team;
  await shop.open();
  await sql(
    `INSERT INTO customers (client_id, id, name, email)
     SELECT $1, gen_random_uuid(), 'Number ' || n, 'n' || n || '@example.org' FROM generate_series(1, $2::int) AS n`,
    ...([uuid, RECIPIENTS] as const),
  );
  const { id } = await shop.draft();
  await shop.post(id, 'send');
  for (let outages = 1; outages <= OUTAGES; outages += 1) {
    await until(() => mails.received.length >= (outages * RECIPIENTS) / (OUTAGES + 2), 120);
    await postgres.kill();
    await postgres.revive();
  }
  const ended = `SELECT FROM campaigns WHERE client_id = $1 AND status = 'sent'`;
  await until(async () => (await sql(ended, uuid).catch(() => [])).length > 0, 240);
  const rows = await sql<{ address: string; status: string }>(
    `SELECT address, status FROM campaign_recipients WHERE client_id = $1`,
    uuid,
  );
  expect(rows).toHaveLength(RECIPIENTS);
  const copies = (address: string): number => mails.to(address).length;
  expect(rows.filter(({ address }) => copies(address) > 1)).toEqual([]);
  expect(rows.filter(({ address, status }) => copies(address) === 0 && status !== 'unknown')).toEqual([]);
  const unknown = rows.filter(({ status }) => status === 'unknown');
  expect(unknown.length).toBeLessThanOrEqual(OUTAGES * LANES);
  await mails.stop();
}, 600_000);
