import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CampaignShop, SENDER } from '../support/campaigns.js';
import { makeContact } from '../support/contacts.js';
import { givenTeams } from '../support/engagement.js';
import { accepted } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const settings = { ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example', TRACKING_SECRET: '7'.repeat(64) };
const server = useServer(() => startServer(settings));
const { team } = givenTeams(() => server);

let shop: CampaignShop;
let mails: MailServer;
beforeEach(async () => {
  mails = new MailServer();
  shop = new CampaignShop(await team(), mails);
  await shop.open();
});
afterEach(() => mails.stop());

describe('A campaign', () => {
  it('goes once to whoever may get it, and to nobody else', async () => {
    const { owner, team: own } = shop;
    const anna = await makeContact(owner, { first_name: 'Anna' });
    const gone = await makeContact(owner, { first_name: 'Gone', status: 'unsubscribed' });
    const held = await makeContact(owner, { first_name: 'Held' });
    accepted(await owner.send('POST', '/suppressions', { email: held.email, reason: 'manual' }));
    const draft = await shop.draft();
    expect(accepted(await owner.send('GET', `/campaigns/${draft.id}/audience`)).body.data).toEqual({
      ...{ matching: 3, without_email: 0, unsubscribed: 1, suppressed: 1, duplicates: 0, will_receive: 1 },
    });
    const reply = accepted(await owner.send('POST', `/campaigns/${draft.id}/send`, {})).body;
    expect(reply).toMatchObject({ data: { status: 'sending' }, message: 'Campaign sending has started.' });
    const sent = await shop.becomes(draft.id, 'sent');
    const [counts, rates] = [
      { recipients_count: 3, skipped_count: 2, sent_count: 1, failed_count: 0, unknown_count: 0 },
      { open_rate: 0, click_rate: 0 },
    ];
    expect(sent).toMatchObject({ ...counts, ...rates, sent_at: expect.any(String) });
    const rows = await shop.recipients(draft.id);
    expect(rows.map(({ email, status, error }) => [email, status, error])).toEqual([
      [anna.email, 'sent', null],
      [gone.email, 'skipped', 'unsubscribed'],
      [held.email, 'skipped', 'suppressed'],
    ]);
    expect(mails.received.map(({ to }) => to)).toEqual([[anna.email]]);
    const [{ headers, text, from }] = mails.received as [(typeof mails.received)[number]];
    const [{ id }] = (await sql(
      'SELECT id FROM campaign_recipients WHERE client_id = $1 AND number = 1',
      own.uuid,
    )) as [{ id: string }];
    expect(headers).toContain('Subject: Hello Anna!');
    expect(headers).toContain(`Message-ID: <${id}@shop.example>`);
    expect(headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(headers).toContain('Precedence: bulk');
    expect(text).toContain('Hi Anna');
    expect(from).toMatch(/\+b[a-z2-7]+@in\.parlance\.example$/);
    expect(headers).toContain(`From: Shop <${SENDER}>`);
    expect(accepted(await owner.send('GET', `/contacts/${anna.id}`)).body.data.last_contacted_at).not.toBeNull();
    const again = await owner.send('POST', `/campaigns/${draft.id}/send`, {});
    expect(again).toMatchObject({ status: 422, body: { message: 'Campaign cannot be sent — current status: sent.' } });
  });

  it('waits out what its server refuses for now, fails where it is refused, and suppresses where there is nobody', async () => {
    const { owner, team: own } = shop;
    const [first, second, third] = [await makeContact(owner), await makeContact(owner), await makeContact(owner)];
    mails.script.push({ rcpt: '451 4.3.0 Later' }, { end: '554 5.7.1 Spam' }, { rcpt: '550 5.1.1 Nobody' });
    const { id } = await shop.draft();
    await shop.post(id, 'send');
    await until(async () => (await shop.get(id)).failed_count === 2, 30);
    const waiting = `SELECT count(*)::int AS n FROM campaign_recipients WHERE client_id = $1 AND status = 'pending' AND attempts = 1
                     AND next_attempt_at BETWEEN now() + interval '200 seconds' AND now() + interval '301 seconds'`;
    expect(await until(async () => (await sql(waiting, own.uuid))[0]!.n === 1)).toBe(true);
    await sql(
      `UPDATE campaign_recipients SET next_attempt_at = now() WHERE client_id = $1 AND status = 'pending'`,
      own.uuid,
    );
    expect(await shop.becomes(id, 'sent')).toMatchObject({ sent_count: 1, failed_count: 2, unknown_count: 0 });
    const suppressed = accepted(await owner.send('GET', '/suppressions')).body.data as {
      email: string;
      reason: string;
    }[];
    const all = [first.email, second.email, third.email];
    expect(suppressed.map(({ reason }) => reason)).toEqual(['bounced']);
    expect(all).toContain(suppressed[0]!.email);
    expect(new Set(mails.received.flatMap(({ to }) => to)).size).toBe(1);
  });

  it('does not send again what its server may have, unless somebody says so', async () => {
    const { owner } = shop;
    const anna = await makeContact(owner);
    mails.script.push({ drop: 'end' });
    const { id } = await shop.draft();
    await shop.post(id, 'send');
    expect(await shop.becomes(id, 'sent')).toMatchObject({ sent_count: 0, unknown_count: 1 });
    expect(mails.to(anna.email)).toHaveLength(1);
    expect(await shop.post(id, 'retry-unknown')).toEqual({ retried: 1 });
    await until(async () => (await shop.get(id)).sent_count === 1, 30);
    expect(await shop.becomes(id, 'sent')).toMatchObject({ unknown_count: 0 });
    expect(mails.to(anna.email)).toHaveLength(2);
  });

  it('sends nothing to who unsubscribes, is readdressed or erased before', async () => {
    const { owner, team: own } = shop;
    const contacts = [
      await makeContact(owner),
      await makeContact(owner),
      await makeContact(owner),
      await makeContact(owner),
    ];
    await sql(`UPDATE email_accounts SET next_send_at = now() + interval '1 hour' WHERE client_id = $1`, own.uuid);
    const { id } = await shop.draft();
    await shop.post(id, 'send');
    await until(async () => (await shop.get(id)).recipients_count === 4);
    const [gone, moved, erased, kept] = contacts as [{ id: number }, { id: number }, { id: number }, { email: string }];
    accepted(await owner.send('PUT', `/contacts/${gone.id}`, { status: 'unsubscribed' }));
    accepted(await owner.send('PUT', `/contacts/${moved.id}`, { email: `moved-${own.uuid}@example.com` }));
    accepted(await owner.send('DELETE', `/contacts/${erased.id}`));
    await sql(`UPDATE email_accounts SET next_send_at = NULL WHERE client_id = $1`, own.uuid);
    expect(await shop.becomes(id, 'sent')).toMatchObject({ recipients_count: 4, sent_count: 1, skipped_count: 3 });
    expect(mails.received.map(({ to }) => to)).toEqual([[kept.email]]);
    const rows = await shop.recipients(id);
    expect(rows.map(({ email, error }) => [email === null, error])).toEqual([
      [false, 'unsubscribed'],
      [false, 'readdressed'],
      [true, 'erased'],
      [false, null],
    ]);
  });

  it('pauses with its account, goes on when it is resumed, and is cancelled', async () => {
    const { owner, team: own } = shop;
    await makeContact(owner);
    mails.allow({ username: SENDER, password: 'another' });
    const { id } = await shop.draft();
    await shop.post(id, 'send');
    expect(await shop.becomes(id, 'paused')).toMatchObject({ status_reason: 'account_error', sent_count: 0 });
    const rows = await sql('SELECT status, attempts FROM campaign_recipients WHERE client_id = $1', own.uuid);
    expect(rows).toEqual([{ status: 'pending', attempts: 0 }]);
    mails.allow({ username: SENDER, password: 'correct horse' });
    expect(accepted(await owner.send('POST', '/email-accounts/1/test', {})).body.data).toMatchObject({ ok: true });
    await shop.post(id, 'resume');
    expect(await shop.becomes(id, 'sent')).toMatchObject({ sent_count: 1, status_reason: null });
    expect(await owner.send('POST', `/campaigns/${id}/cancel`, {})).toMatchObject({
      ...{ status: 422, body: { message: 'Campaign cannot be cancelled — current status: sent.' } },
    });
  });

  it('begins at its time, and not where that was missed', async () => {
    const { owner, team: own } = shop;
    await makeContact(owner);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const [due, missed] = [await shop.draft(), await shop.draft()];
    for (const { id } of [due, missed]) {
      expect(await shop.post(id, 'send', { scheduled_at: later })).toMatchObject({ status: 'scheduled' });
    }
    const set = 'UPDATE campaigns SET scheduled_at = now() - $3::interval WHERE client_id = $1 AND number = $2';
    await sql(set, own.uuid, missed.id, '61 minutes');
    await sql(set, own.uuid, due.id, '59 minutes');
    expect(await shop.becomes(due.id, 'sent')).toMatchObject({ sent_count: 1 });
    expect(await shop.becomes(missed.id, 'paused')).toMatchObject({ status_reason: 'missed', recipients_count: 0 });
    await shop.post(missed.id, 'resume');
    expect(await shop.becomes(missed.id, 'sent')).toMatchObject({ sent_count: 1 });
  });

  it('goes once to an address that was another’s while its recipients were made', async () => {
    const { owner, team: own } = shop;
    const [anna, bert] = [await makeContact(owner), await makeContact(owner)];
    const { id } = await shop.draft();
    await sql(
      `INSERT INTO campaign_recipients (client_id, campaign, number, id, address_hash, status)
       VALUES ($1, $2, 1000, gen_random_uuid(), suppression_hash($1, $3), 'skipped')`,
      ...([own.uuid, id, anna.email] as const),
    );
    await shop.post(id, 'send');
    expect(await shop.becomes(id, 'sent')).toMatchObject({ recipients_count: 3, sent_count: 1, skipped_count: 2 });
    expect(mails.received.map(({ to }) => to)).toEqual([[bert.email]]);
    const rows = await shop.recipients(id);
    expect(rows.map(({ status, error }) => [status, error])).toEqual([
      ['skipped', 'duplicate'],
      ['sent', null],
      ['skipped', null],
    ]);
  });

  it('to nobody is sent at once', async () => {
    const { id } = await shop.draft();
    await shop.post(id, 'send');
    expect(await shop.becomes(id, 'sent')).toMatchObject({ recipients_count: 0, sent_count: 0 });
  });
});
