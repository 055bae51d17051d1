import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { AccountTrials } from '../../src/delivery/email/accounts/account-trials.js';
import type { EmailAccountsService } from '../../src/delivery/email/accounts/email-accounts.service.js';
import { DAY_MS } from '../../src/platform/common/durations.js';
import { Dovecot, describeWithDovecot, IMAP_PASSWORD } from '../support/dovecot.js';
import { filedOf } from '../support/filed-mails.js';
import { given as givenOn } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { LOGIN, MailShop, SUPPORT } from '../support/mail-shop.js';
import { tenantOf } from '../support/phones.js';
import { freePort, startProcess, type ServerProcess } from '../support/process.js';
import { startServer, useServer } from '../support/server.js';
import { SETTINGS } from '../support/settings.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

const INBOUND = { INBOUND_MAIL_DOMAIN: 'in.parlance.example', TRACKING_SECRET: '7'.repeat(64) };
/** Nothing here takes half as long where nothing else runs. */
const SECONDS = 120;

beforeAll(ownDatabase);
let smtpPort = 0;
const server = useServer(async () => {
  smtpPort = await freePort();
  return startServer({ ROLE: 'web', ...INBOUND, SMTP_PORT: String(smtpPort) });
});
const given = givenOn(() => server);

const mailOf = (n: number | string, more = ''): string =>
  `To: ${SUPPORT}\nFrom: writer@example.org\nMessage-ID: <${n}@example.org>\nSubject: Number ${n}\n${more}\nHello ${n}\n`;

describeWithDovecot('A mailbox that is read by IMAP', () => {
  let dovecot: Dovecot;
  /** Without IDLE and without TLS; what comes there is waited for while the others are tested. */
  let plain: Dovecot;
  let polled: MailShop;
  let workers: ServerProcess[];
  let shop: MailShop;
  /** Of this test alone. */
  let user: string;
  let tests = 0;

  const startWorker = (): Promise<ServerProcess> => {
    const database = { DATABASE_URL: process.env.TEST_DATABASE_URL!, LOG_LEVEL: 'error' };
    const trust = { NODE_EXTRA_CA_CERTS: dovecot.certificate };
    return startProcess({ ...SETTINGS, ...INBOUND, ...database, ...trust, ROLE: 'worker' });
  };
  beforeAll(async () => {
    dovecot = await Dovecot.start();
    workers = [await startWorker()];
    plain = await Dovecot.start({ capability: 'IMAP4rev1 SASL-IR ID LITERAL+', tls: false });
    polled = new MailShop(server, await given.client(), new MailServer(LOGIN));
    await polled.open({}, { imap: { ...placeAt(plain), username: 'polled' } });
    await until(async () => (await shown(polled)).status === 'ok', SECONDS);
    // It is not asked again for a while.
    await plain.bring('polled', mailOf(1));
  }, 240_000);
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
    await polled.mails.stop();
    await Promise.all([dovecot.remove(), plain.remove()]);
  });
  beforeEach(async () => {
    tests += 1;
    user = `support${tests}`;
    shop = new MailShop(server, await given.client(), new MailServer(LOGIN));
  });
  afterEach(async () => {
    // So that nobody goes on to read it.
    await sql(`DELETE FROM imap_mailboxes WHERE client_id = $1`, shop.client.uuid);
    await shop.mails.stop();
  });

  const placeAt = (at: Dovecot, more: object = {}) => ({
    ...{ host: '127.0.0.1', port: at.port, secure: false, username: user, password: IMAP_PASSWORD },
    ...more,
  });
  const accounts = () => server.get<EmailAccountsService>('EmailAccountsService');
  const shown = async (of = shop) => (await accounts().get(tenantOf(of.client), of.accountId)).imap!;
  const read = async (more: object = {}): Promise<void> => {
    await shop.open({}, { imap: placeAt(dovecot, more) });
    await until(async () => (await shown()).status === 'ok', SECONDS);
  };
  const heardIn = async ({ client }: MailShop): Promise<string[]> =>
    (await filedOf(client)).map(({ subject }) => subject).sort();
  /** Once nothing more of what was taken is to be understood. */
  const hearsIn = async (of: MailShop, ...numbers: readonly (number | string)[]): Promise<void> => {
    await until(async () => {
      const pending = await sql(
        `SELECT FROM inbound_emails WHERE client_id = $1 AND state = 'pending'`,
        of.client.uuid,
      );
      return pending.length === 0 && (await heardIn(of)).length >= numbers.length;
    }, SECONDS);
    expect(await heardIn(of)).toEqual(numbers.map((n) => `Number ${n}`).sort());
  };
  const hears = (...numbers: readonly (number | string)[]): Promise<void> => hearsIn(shop, ...numbers);

  it('brings what comes from now on, and nothing in it is marked or moved', async () => {
    await dovecot.bring(user, mailOf('before'));
    await read();
    await dovecot.bring(user, mailOf(1), mailOf(2));
    await hears(1, 2);
    await dovecot.bring(user, mailOf(3));
    await hears(1, 2, 3);
    const flags = await dovecot.as(user, async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      return (await client.fetchAll('1:*', { flags: true })).map((mail) => [...mail.flags!]);
    });
    expect(flags).toEqual(Array.from({ length: 4 }, () => expect.not.arrayContaining(['\\Seen'])));
    // What was said went by TLS, though it began without.
    expect(await dovecot.log()).toMatch(new RegExp(`Login: user=<${user}>.*\\bTLS\\b`));
  });

  it('goes on after its server was away, and by TLS from the start', async () => {
    await read({ port: dovecot.tlsPort, secure: true });
    await dovecot.bring(user, mailOf(1));
    await hears(1);
    await dovecot.stop();
    await dovecot.start();
    await dovecot.bring(user, mailOf(2));
    await hears(1, 2);
  });

  it('is read anew where its numbers are others, and each mail is there once', async () => {
    await dovecot.bringAt(new Date(Date.now() - DAY_MS), user, mailOf('before'));
    await read();
    await dovecot.bring(user, mailOf(1), mailOf(2));
    await hears(1, 2);
    await dovecot.renumber(user, 777);
    await dovecot.bring(user, mailOf(3));
    await hears(1, 2, 3);
    await until(async () => {
      const [{ at } = { at: '' }] = await sql<{ at: string }>(
        `SELECT uid_validity::text AS at FROM imap_mailboxes WHERE client_id = $1`,
        shop.client.uuid,
      );
      return at === '777';
    }, SECONDS);
    await dovecot.bring(user, mailOf(4));
    await hears(1, 2, 3, 4);
  });

  it('that is of somebody else from now on brings nothing of what lay there', async () => {
    await read();
    await dovecot.bring(user, mailOf(1));
    await hears(1);
    const other = `other${user}`;
    await dovecot.bring(other, mailOf('before'));
    await accounts().update(tenantOf(shop.client), shop.accountId, { imap: placeAt(dovecot, { username: other }) });
    await until(async () => (await shown()).status === 'ok', SECONDS);
    await dovecot.bring(other, mailOf(2));
    await hears(1, 2);
  });

  it('shows a mail that is too large, and the next is taken', async () => {
    await read();
    await dovecot.bring(user, mailOf('large', `\n${`${'0123456789'.repeat(7)}\n`.repeat(370_000)}`), mailOf(1));
    await hears(1);
    const failed = await sql(
      `SELECT state, error, file_id AS file FROM inbound_emails WHERE client_id = $1`,
      shop.client.uuid,
    );
    expect(failed).toEqual([
      { state: 'failed', error: expect.stringMatching(/^Mail 1 has 26\d{6} bytes, /), file: null },
    ]);
  });

  it('is there once, though its mail comes by SMTP and to the URL too, all at the same time', async () => {
    await read();
    const [account] = await sql<{ name: string }>(
      `SELECT inbound_name AS name FROM email_accounts WHERE client_id = $1`,
      shop.client.uuid,
    );
    const secret = await accounts().secretsOf(
      tenantOf(shop.client),
      await accounts().get(tenantOf(shop.client), shop.accountId),
    );
    const raw = mailOf(1).replace(/\n/g, '\r\n');
    const hook = async (): Promise<void> => {
      const answer = await fetch(`${server.url}/inbound/email/${secret.inboundToken}`, {
        ...{ method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: raw },
      });
      expect(answer.status).toBe(202);
    };
    const smtp = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true });
    const envelope = { from: 'writer@example.org', to: `${account!.name}@in.parlance.example` };
    const all = () => Promise.all([hook(), smtp.sendMail({ envelope, raw }), dovecot.bring(user, mailOf(1))]);
    await Promise.all([all(), all(), all()]);
    await dovecot.bring(user, mailOf(2));
    await hears(1, 2);
    expect(await sql(`SELECT id FROM channels WHERE client_id = $1`, shop.client.uuid)).toHaveLength(2);
  });

  it('says in its server’s words why it can not be read, and goes on once it is set right', async () => {
    await shop.open({}, { imap: placeAt(dovecot, { password: 'wrong' }) });
    await until(async () => (await shown()).status === 'error', SECONDS);
    expect((await shown()).lastError).toMatch(/Authentication failed/);
    await accounts().update(tenantOf(shop.client), shop.accountId, { imap: placeAt(dovecot) });
    await until(async () => (await shown()).status === 'ok', SECONDS);
    expect((await shown()).lastError).toBeNull();
  });

  it('loses no mail and doubles none while its readers are killed', async () => {
    await read();
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    const written = (async () => {
      for (const n of numbers) {
        await dovecot.bring(user, mailOf(n));
      }
    })();
    for (let kills = 0; kills < 3; kills += 1) {
      workers.push(await startWorker());
      await workers.shift()!.end('SIGKILL');
    }
    await written;
    /** As if leases had ended: those of mails that were taken by a worker that was killed. */
    const hurry = setInterval(
      () =>
        void sql(
          `UPDATE inbound_emails SET next_attempt_at = now()
           WHERE next_attempt_at BETWEEN now() + interval '10 seconds' AND now() + interval '290 seconds'`,
        ).catch(() => undefined),
      1_000,
    );
    await hears(...numbers).finally(() => clearInterval(hurry));
  });

  it('at a server that has neither IDLE nor TLS is asked now and then, and can be tried out', async () => {
    await hearsIn(polled, 1);
    const trials = server.get<AccountTrials>('AccountTrials');
    const account = () => accounts().get(tenantOf(polled.client), polled.accountId);
    const trial = async () => trials.try(tenantOf(polled.client), await account(), null);
    expect(await trial()).toBeNull();
    const imap = { ...(await account()).imap!, password: 'wrong' };
    await accounts().update(tenantOf(polled.client), polled.accountId, { imap });
    expect(await trial()).toMatch(/^IMAP: .*Authentication failed/);
    expect(await plain.log()).not.toMatch(/user=<polled>.*\bTLS\b/);
  });
});
