import { beforeAll, expect, it } from '@jest/globals';
import { given as givenOn } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { LOGIN, MailShop, SUPPORT } from '../support/mail-shop.js';
import { startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const MAILS = 150;
const KILLS = 6;
const INBOUND = { INBOUND_MAIL_DOMAIN: 'in.parlance.example', TRACKING_SECRET: '7'.repeat(64) };

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'web', ...INBOUND }));
const given = givenOn(() => server);

const mailOf = (n: number): string =>
  `To: ${SUPPORT}\nFrom: writer${n % 7}@example.org\nMessage-ID: <${n}@example.org>\nSubject: Number ${n}\n\nHello ${n}\n`;

it('kill -9 of workers loses no mail, understands none twice and sends none a third time', async () => {
  const database = { DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
  const env = { ...SETTINGS, ...INBOUND, ...database, ROLE: 'worker' };
  const shop = new MailShop(server, await given.client(), new MailServer(LOGIN));
  const { uuid } = shop.client;
  const workers: ServerProcess[] = [await startProcess(env), await startProcess(env)];
  await shop.begin();
  /** As if leases had ended: those of mails that were taken a while ago, whose worker may have been killed. */
  const hurry = setInterval(
    () =>
      void Promise.all([
        sql(`UPDATE email_deliveries SET next_attempt_at = now()
             WHERE next_attempt_at BETWEEN now() + interval '10 seconds' AND now() + interval '295 seconds'`),
        sql(`UPDATE inbound_emails SET next_attempt_at = now()
             WHERE next_attempt_at BETWEEN now() + interval '10 seconds' AND now() + interval '290 seconds'`),
      ]).catch(() => undefined),
    1_000,
  );
  const written = (async () => {
    for (let n = 0; n < MAILS; n += 1) {
      await Promise.all([shop.accept(mailOf(n), null), shop.say(`Answer ${n}`)]);
    }
  })();
  for (let kills = 0; kills < KILLS; kills += 1) {
    workers.push(await startProcess(env));
    await workers.shift()!.end('SIGKILL');
  }
  await written;
  await until(async () => (await sql(`SELECT FROM inbound_emails WHERE state = 'pending'`)).length === 0, 90);
  await until(
    async () => (await sql(`SELECT FROM email_deliveries WHERE next_attempt_at IS NOT NULL`)).length === 0,
    90,
  );
  clearInterval(hurry);
  expect(await Promise.all(workers.map((worker) => worker.end('SIGTERM')))).toEqual([0, 0]);
  expect(await sql(`SELECT error FROM inbound_emails WHERE client_id = $1`, uuid)).toEqual([]);
  const heard = await sql<{ content: string }>(
    `SELECT message.content FROM messages message JOIN email_messages mail ON mail.client_id = $1 AND mail.id = message.id
     WHERE message.client_id = $1 AND mail.direction = 'inbound' AND message.content LIKE 'Hello %'`,
    uuid,
  );
  const numbers = heard.map(({ content }) => Number(content.slice('Hello '.length))).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: MAILS }, (_, n) => n));
  const all = await shop.sent();
  expect(all).toHaveLength(MAILS);
  const odd = all.filter(({ status, errorCode }) => status !== 'sent' && errorCode !== 'outcome_unknown');
  expect(odd).toEqual([]);
  const copies = (id: string): number =>
    shop.mails.received.filter(({ headers }) => headers.includes(`Message-ID: <${id}@shop.example>`)).length;
  for (const { id, status, attempts } of all) {
    expect(attempts).toBeLessThanOrEqual(2);
    expect(copies(id)).toBeLessThanOrEqual(attempts);
    expect(copies(id)).toBeGreaterThanOrEqual(status === 'sent' ? 1 : 0);
  }
  expect(all.filter(({ status }) => status === 'sent').length).toBeGreaterThan(MAILS / 2);
  await shop.mails.stop();
}, 240_000);
