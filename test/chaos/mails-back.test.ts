import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { givenTeams } from '../support/engagement.js';
import { accepted, given as givenOn } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { ANNA, LOGIN, MailShop, SUPPORT } from '../support/mail-shop.js';
import { asClient, Listener } from '../support/pusher.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example' }));
const given = givenOn(() => server);

let shop: MailShop;
beforeEach(async () => {
  shop = new MailShop(server, await given.client(), new MailServer(LOGIN));
});
afterEach(() => shop.mails.stop());

const report = (to: string, id: string, status: string, action = 'failed') => `From: MAILER-DAEMON@example.org
To: ${to}
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; ${ANNA}
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 Nobody

--b
Content-Type: text/rfc822-headers

Message-ID: <${id}>

--b--
`;

describe('A mail of ours that comes back', () => {
  const suppressed = () => sql(`SELECT email, reason, source FROM suppressions WHERE client_id = $1`, shop.client.uuid);
  const ANNA_IS = [{ email: ANNA, reason: 'bounced', source: 'bounce' }];
  it('is undelivered, and its address is suppressed where there is nobody', async () => {
    await shop.begin();
    const { to } = await shop.saySent();
    await shop.bring(report(to, 'other@example.org', '5.1.1'));
    expect(await shop.sent()).toMatchObject([{ status: 'undelivered', errorCode: 'unreachable' }]);
    expect(await suppressed()).toEqual(ANNA_IS);
    expect(await shop.heard()).toHaveLength(1);
  });

  it('is known by its Message-ID too', async () => {
    await shop.begin();
    const { id } = await shop.saySent();
    await shop.bring(report(SUPPORT, id, '5.7.1'));
    expect(await shop.sent()).toMatchObject([{ status: 'undelivered', errorCode: 'undelivered' }]);
    expect(await suppressed()).toEqual([]);
  });

  it('three times within a month suppresses its address', async () => {
    await shop.begin();
    for (const expected of [[], [], ANNA_IS]) {
      const { id } = await shop.saySent();
      await shop.bring(report(SUPPORT, id, '5.7.1'));
      await shop.bring(report(SUPPORT, id, '5.7.1'));
      expect(await suppressed()).toEqual(expected);
    }
  });

  it('later is still on its way, and one that is forged changes nothing', async () => {
    await shop.begin();
    const { to, id } = await shop.saySent();
    await shop.bring(report(to, id, '4.4.1', 'delayed'));
    await shop.bring(report(to.replace(/\w{16}@/, 'aaaaaaaaaaaaaaaa@'), 'x@shop.example', '5.1.1'));
    const globex = await given.client();
    expect(await sql(`SELECT 1 FROM suppressions WHERE client_id = $1`, globex.uuid)).toEqual([]);
    expect(await shop.sent()).toMatchObject([{ status: 'sent', errorCode: null }]);
    expect(await suppressed()).toEqual([]);
  });
});

it('What goes wrong is told to whoever listens, with the mail or the account as it is now', async () => {
  const team = await givenTeams(() => server).team();
  const asker = asClient(server.url, {
    headers: { authorization: `Bearer ${team.owner.token}`, 'x-workspace-id': team.workspace.id },
  });
  const page = new Listener(server.url, team.workspace.publicKey, asker);
  await page.subscribe('private-inbox');
  const client = { ...shop.client, uuid: team.uuid };
  const told = new MailShop(server, client, shop.mails);
  await told.begin({ password: 'wrong' });
  const reply = () => team.owner.send('POST', '/conversations/1/reply', { body: 'On its way.' });
  accepted(await reply());
  const [error] = await page.next('email_account.error', 1, 'private-inbox');
  const { data } = accepted(await team.owner.send('GET', '/email-accounts/1')).body;
  expect(error!.data).toEqual(data);
  expect(data).toMatchObject({ status: 'error', last_error: expect.stringContaining('535') });
  shop.mails.allow({ ...LOGIN, password: 'wrong' });
  accepted(await team.owner.send('POST', '/email-accounts/1/test'));
  const { from } = await shop.mails.next(ANNA);
  await told.bring(report(from, 'x', '5.1.1'));
  const [bounced] = await page.next('email.bounced', 1, 'private-inbox');
  expect(bounced!.data).toMatchObject({ id: 2, type: 'reply', delivery: { status: 'undelivered' } });
  // Nobody is there.
  const imap = { host: '127.0.0.1', port: 993, username: 'support', password: 'secret' };
  accepted(await team.owner.send('PUT', '/email-accounts/1', { imap }));
  const [, unread] = await page.next('email_account.error', 2, 'private-inbox');
  expect(unread!.data).toMatchObject({
    status: 'ok',
    imap: { status: 'error', last_error: expect.stringContaining('ECONNREFUSED') },
  });
  page.end();
});

describe('What a program says as an account', () => {
  /** The answer of another program to our newest mail. */
  const answer = (to: string, headers: string): string => `To: ${SUPPORT}
From: ${ANNA}
Message-ID: <${randomUUID()}@example.org>
In-Reply-To: <${to}>
Subject: Re: Order
${headers}

I am away.
`;
  const converse = async (times: number, headers: string): Promise<void> => {
    await shop.begin();
    let id = await shop.say();
    for (let time = 0; time < times; time += 1) {
      await shop.bring(answer(`${id}@shop.example`, headers), null);
      id = await shop.say();
      await until(async () => (await shop.sent()).every(({ status }) => !['queued', 'sending'].includes(status)), 30);
    }
  };
  const outcomes = async () => (await shop.sent()).map(({ status, errorCode }) => errorCode ?? status);

  it.each(['Auto-Submitted: auto-replied', 'List-Id: <news.example.org>', 'X-Parlance-Loop: aaaaaaaaaaaaaaaa'])(
    'answers one that says %s five times an hour, and says that it is one',
    async (headers) => {
      await converse(6, headers);
      expect(await outcomes()).toEqual([...Array<string>(6).fill('sent'), 'loop_stopped']);
      const automatic = shop.mails.received.map(({ headers: said }) => /^Auto-Submitted: auto-replied$/m.test(said));
      expect(automatic).toEqual([false, ...Array<boolean>(5).fill(true)]);
    },
  );

  it('answers one twenty times a day', async () => {
    await converse(1, 'Auto-Submitted: auto-replied');
    // As many as there may be, hours ago: each is sent before the next is said, for six at once are too many for an hour.
    for (let n = 0; n < 19; n += 1) {
      await sql(
        `UPDATE email_deliveries SET submitted_at = now() - interval '2 hours' WHERE client_id = $1`,
        shop.client.uuid,
      );
      await shop.say(`${n}`);
      await until(async () => (await shop.sent()).every(({ status }) => status === 'sent'), 30);
    }
    await sql(
      `UPDATE email_deliveries SET submitted_at = now() - interval '2 hours' WHERE client_id = $1`,
      shop.client.uuid,
    );
    await shop.say('One more');
    await until(async () => (await outcomes()).includes('loop_stopped'), 30);
  });

  it('answers a person as often as it likes', async () => {
    await converse(7, '');
    expect(await outcomes()).toEqual(Array<string>(8).fill('sent'));
  });
});
