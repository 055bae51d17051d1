import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmailDeliveriesRepository } from '../../src/delivery/email/outbound/email-deliveries.repository.js';
import { formatId } from '../../src/platform/common/ids/type-id.js';
import { accepted, given as givenOn } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { ANNA, FIRST, LOGIN, MailShop } from '../support/mail-shop.js';
import { tenantOf } from '../support/phones.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example' }));
const given = givenOn(() => server);

describe('What an e-mail account says', () => {
  let shop: MailShop;
  let mails: MailServer;
  beforeEach(async () => {
    mails = new MailServer(LOGIN);
    shop = new MailShop(server, await given.client(), mails);
  });
  afterEach(() => mails.stop());

  const accountOf = async () =>
    (
      await sql<{ status: string; lastError: string | null; retries: boolean }>(
        `SELECT status, last_error AS "lastError", retry_at IS NOT NULL AS retries FROM email_accounts WHERE client_id = $1`,
        shop.client.uuid,
      )
    )[0];

  it('goes out as an answer in the thread, and the answer to it comes back there', async () => {
    await shop.begin();
    const id = await shop.say('On its way.\n\n<b>Bye</b>');
    const mail = await mails.next(ANNA);
    const headers = mail.headers.replace(/\r\n[ \t]+/g, ' ');
    expect(headers).toMatch(/^From: Shop <support@shop\.example>$/m);
    expect(headers).toMatch(/^Subject: Re: Order$/m);
    expect(headers).toContain(`Message-ID: <${id}@shop.example>`);
    expect(headers).toMatch(/^In-Reply-To: <a2@example\.org>$/m);
    expect(headers).toContain('References: <a0@example.org> <a1@example.org> <a2@example.org>');
    expect(mail.from).toMatch(/^\w{16}\+b\w{42}@in\.parlance\.example$/);
    expect(mail.raw.toString()).toContain('&lt;b&gt;Bye&lt;/b&gt;');
    const [, replyTo] = /^Reply-To: .*<(.*)>$/m.exec(headers)!;
    expect(replyTo).toMatch(/\+c\d+\.\w{16}@in\.parlance\.example$/);
    expect(await shop.becomes({ status: 'sent' })).toMatchObject({ id, attempts: 1, errorCode: null });
    expect(await shop.hear(`To: ${replyTo!}\nFrom: bert@example.org\nSubject: else\n\nThanks\n`)).toBe(shop.channelId);
    // Bert is answered now, and Anna hears of it.
    await shop.say('Welcome');
    const next = await mails.next('bert@example.org');
    expect(next.to).toEqual(['bert@example.org', ANNA]);
    expect(next.headers).toMatch(/^Subject: Re: else$/m);
  });

  it('goes to Reply-To, and what the contact writes makes no header of its own', async () => {
    await shop.open({}, { fromName: 'Shop\r\nBcc: x@evil.example' });
    shop.channelId = await shop.hear(
      FIRST.replace('Subject: Order', 'Reply-To: office@example.org\nSubject: =?utf-8?Q?a=0D=0ABcc:_y@evil.example?='),
    );
    await shop.say();
    const { headers, to } = await mails.next('office@example.org');
    expect(to).toEqual(['office@example.org']);
    expect(headers).not.toMatch(/^Bcc/im);
  });

  it('is handed in again where the server does not take it yet, as the same mail', async () => {
    await shop.begin();
    mails.script.push({ end: '451 4.3.0 Later' });
    const id = await shop.say();
    expect(await shop.becomes({ tries: 1 })).toMatchObject({ status: 'sending', attempts: 1 });
    await shop.hurry();
    expect(await shop.becomes({ status: 'sent' })).toMatchObject({ attempts: 2, doubts: 0 });
    expect(mails.received.map(({ headers }) => headers.includes(`Message-ID: <${id}@shop.example>`))).toEqual([true]);
  });

  it('has failed where the server says that there is nobody', async () => {
    await shop.begin();
    mails.script.push({ rcpt: '550 5.1.1 No such user' });
    await shop.say();
    expect(await shop.becomes({ status: 'failed' })).toMatchObject({ errorCode: 'unreachable', attempts: 1 });
  });

  it('goes once more where nobody knows what came of it, under the same Message-ID', async () => {
    await shop.begin();
    mails.script.push({ drop: 'end' });
    const id = await shop.say();
    await until(() => mails.received.length === 1);
    await until(async () => {
      await shop.hurry();
      return mails.received.length === 2;
    }, 30);
    expect(await shop.becomes({ status: 'sent' })).toMatchObject({ attempts: 2, doubts: 1 });
    const ids = mails.received.map(({ headers }) => /^Message-ID: <(.*)>$/m.exec(headers)?.[1]);
    expect(ids).toEqual([`${id}@shop.example`, `${id}@shop.example`]);
  });

  it('goes no third time', async () => {
    await shop.begin();
    mails.script.push({ drop: 'end' }, { drop: 'end' });
    const id = await shop.say();
    await until(async () => {
      await shop.hurry();
      return (await shop.sent())[0]!.status === 'failed';
    }, 30);
    expect(await shop.sent()).toMatchObject([{ errorCode: 'outcome_unknown', attempts: 2 }]);
    expect(mails.received).toHaveLength(2);
    // But where somebody wants it to, who has looked.
    const deliveries = server.get<EmailDeliveriesRepository>('EmailDeliveriesRepository');
    const again = () => deliveries.sendAgain(tenantOf(shop.client), id);
    expect([await again(), await again()]).toEqual([true, false]);
    expect(await shop.becomes({ status: 'sent' })).toMatchObject({ attempts: 3, doubts: 0 });
    expect(new Set(mails.received.map(({ headers }) => /^Message-ID: .*$/m.exec(headers)?.[0])).size).toBe(1);
  });

  it('waits while its account is not let in, and nothing of it is used up', async () => {
    await shop.begin({ password: 'wrong' });
    await shop.say();
    expect(await shop.becomes({ isParked: true })).toMatchObject({ status: 'queued', tries: 0, doubts: 0 });
    expect(await accountOf()).toMatchObject({
      status: 'error',
      lastError: expect.stringContaining('535'),
      retries: false,
    });
    await shop.say('Another');
    await until(async () => (await shop.sent()).filter(({ isParked }) => isParked).length === 2, 30);
    expect((await shop.sent())[1]).toMatchObject({ status: 'queued', attempts: 0 });
    // Its server takes that password from now on.
    mails.allow({ ...LOGIN, password: 'wrong' });
    await server
      .get<EmailDeliveriesRepository>('EmailDeliveriesRepository')
      .resume(tenantOf(shop.client), shop.accountId);
    await until(async () => (await shop.sent()).every(({ status }) => status === 'sent'), 30);
    expect(mails.received).toHaveLength(2);
  });

  it('goes on by itself after a server that could serve nobody for a while', async () => {
    await shop.begin();
    mails.script.push({ rcpt: '421 4.3.2 Closing' });
    await shop.say();
    await until(async () => (await accountOf())?.status === 'error', 30);
    expect(await accountOf()).toMatchObject({ retries: true });
    await until(async () => {
      await sql(
        `UPDATE email_accounts SET retry_at = now() WHERE client_id = $1 AND status = 'error'`,
        shop.client.uuid,
      );
      await sql(
        `UPDATE email_deliveries SET next_attempt_at = now() WHERE client_id = $1 AND status = 'queued'`,
        shop.client.uuid,
      );
      return (await shop.sent())[0]!.status === 'sent';
    }, 30);
    expect(await accountOf()).toMatchObject({ status: 'ok', lastError: null, retries: false });
  });

  it('goes at the rate of its account', async () => {
    await shop.begin({}, { ratePerMinute: 1 });
    for (const content of ['one', 'two', 'three']) {
      await shop.say(content);
    }
    await until(() => mails.received.length === 1, 30);
    const turns = await until(async () => {
      const rows = await sql<{ seconds: number }>(
        `SELECT extract(epoch FROM turn_at - now())::int AS seconds FROM email_deliveries
         WHERE client_id = $1 AND turn_at IS NOT NULL ORDER BY turn_at`,
        shop.client.uuid,
      );
      return rows.length === 2 ? rows.map(({ seconds }) => seconds) : null;
    }, 30);
    expect(turns[0]).toBeGreaterThan(30);
    expect(turns[1]! - turns[0]!).toBeGreaterThanOrEqual(59);
    expect(mails.received).toHaveLength(1);
  });

  it('is not sent once it was deleted', async () => {
    await shop.begin({ password: 'wrong' });
    const id = await shop.say();
    await shop.becomes({ isParked: true });
    accepted(await shop.client.send('DELETE', `/api/v1/messages/${formatId('message', id)}?mode=all_participants`));
    await server
      .get<EmailDeliveriesRepository>('EmailDeliveriesRepository')
      .resume(tenantOf(shop.client), shop.accountId);
    expect(await shop.becomes({ status: 'canceled' })).toMatchObject({ errorCode: 'canceled' });
    expect(mails.received).toEqual([]);
  });
});
