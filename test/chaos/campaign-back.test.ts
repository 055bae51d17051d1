import { afterAll, beforeAll, expect, it } from '@jest/globals';
import PostalMime, { type Email } from 'postal-mime';
import { CampaignShop } from '../support/campaigns.js';
import { makeContact } from '../support/contacts.js';
import { givenTeams } from '../support/engagement.js';
import { accepted, testClient } from '../support/given.js';
import { endpointByName } from '../support/inbox-events.js';
import { MailServer } from '../support/mail-server.js';
import { receiver } from '../support/receiver.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase, sql } from '../support/sql.js';
import { until } from '../support/until.js';
import { inWorkspace } from '../support/users.js';

beforeAll(ownDatabase);
const settings = { ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example', TRACKING_SECRET: '7'.repeat(64) };
const server = useServer(() => startServer(settings));
const given = givenTeams(() => server);
const mails = new MailServer();
afterAll(() => mails.stop());

const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
const here = (url: string): string => server.url + new URL(url).pathname;
const headerOf = ({ headers }: Email, name: string): string =>
  headers.find(({ key }) => key === name.toLowerCase())?.value ?? '';

const bounce = (to: string, status: string) => `From: MAILER-DAEMON@example.org
To: ${to}
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; x@example.org
Action: failed
Status: ${status}
Diagnostic-Code: smtp; 550 ${status} No

--b--
`;

const heardBy = async (url: string, mail: string): Promise<void> => {
  const headers = { 'content-type': 'message/rfc822' };
  const body = mail.replace(/\n/g, '\r\n');
  expect((await fetch(here(url), { method: 'POST', headers, body })).status).toBe(202);
};
const allRead = (uuid: string): Promise<boolean> =>
  until(async () => {
    const pending = await sql(`SELECT FROM inbound_emails WHERE client_id = $1 AND state = 'pending'`, uuid);
    return pending.length === 0;
  }, 60);

it('tells what its readers do: each in its own way, and each once', async () => {
  const team = await given.team();
  const { owner, uuid } = team;
  const shop = new CampaignShop(team, mails);
  const inbound = await shop.open();
  accepted(await owner.user!.send('PATCH', inWorkspace(team.workspace), { domain: 'example.com' }));
  const hook = await receiver();
  const program = testClient(server.url, uuid, team.workspace.publicKey, (await team.key()).token);
  await endpointByName(program, server.url, hook.url, ['campaign.delivered', 'email.unsubscribed', 'campaign.clicked']);
  const names = ['Reader', 'Clicker', 'Mailto', 'Answerer', 'Absent', 'Gone', 'Full'] as const;
  const emailOf = (name: (typeof names)[number]): string => `${name.toLowerCase()}-${uuid}@example.com`;
  for (const first_name of names) {
    await makeContact(owner, { first_name, email: emailOf(first_name) });
  }
  const { id } = await shop.draft({
    html_body: '<p>Hi {{first_name}}, <a href="https://shop.example/?for={{email}}">look</a></p>',
    tracking: { opens: true, clicks: true },
  });
  await shop.post(id, 'send');
  await shop.becomes(id, 'sent');
  expect(mails.received).toHaveLength(names.length);
  // A minute later: whoever is there at once is no person.
  await sql(`UPDATE campaign_recipients SET sent_at = sent_at - interval '1 minute' WHERE client_id = $1`, uuid);
  const mailOf = (name: (typeof names)[number]): Promise<Email> => PostalMime.parse(mails.to(emailOf(name))[0]!.raw);

  // Each mail is whole, and says how to get no more.
  const reader = await mailOf('Reader');
  expect(reader.html).toContain('Hi Reader, ');
  expect(reader.text).toContain('Hi Reader, ');
  const pages = [reader.html, reader.text].map((part) => /https?:\/\/[^\s"]*\/u\/([\w-]+)/.exec(part!)![0]);
  const [, oneClick, mailto] = /^<(.*)>, <mailto:(.*)>$/.exec(headerOf(reader, 'List-Unsubscribe'))!;
  expect(new Set([...pages, oneClick]).size).toBe(1);
  expect(headerOf(reader, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
  expect(headerOf(reader, 'Precedence')).toBe('bulk');
  expect(headerOf(reader, 'List-Id')).toMatch(/^<[\w-]+\.shop\.example>$/);
  expect(mailto).toMatch(/^\w{16}\+u[a-z2-7]{42}@in\.parlance\.example$/);

  // What a reader and its programs do by HTTP.
  const pixel = /src="([^"]*\/t\/o\/[^"]*)"/.exec(reader.html!)![1]!;
  expect((await fetch(here(pixel), { headers: PERSON })).status).toBe(200);
  const link = /href="([^"]*\/t\/c\/[^"]*)"/.exec((await mailOf('Clicker')).html!)![1]!;
  const followed = await fetch(here(link), { headers: PERSON, redirect: 'manual' });
  expect(followed.headers.get('location')).toBe(`https://shop.example/?for=${encodeURIComponent(emailOf('Clicker'))}`);
  expect((await fetch(here(oneClick!))).status).toBe(200);
  expect((await shop.get(id)).unsubscribed_count).toBe(0);
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  expect((await fetch(here(oneClick!), { method: 'POST', body })).status).toBe(200);

  // And by mail.
  const bring = (mail: string): Promise<void> => heardBy(inbound.url, mail);
  const leave = /<mailto:(.*)>/.exec(headerOf(await mailOf('Mailto'), 'List-Unsubscribe'))![1]!;
  await bring(`From: ${emailOf('Mailto')}\nTo: ${leave.replace('+u', '+uaaaa')}\nSubject: forged\n\n\n`);
  await bring(`From: ${emailOf('Mailto')}\nTo: ${leave}\nSubject: unsubscribe\n\n\n`);
  const answer = async (name: 'Answerer' | 'Absent', more = ''): Promise<string> =>
    `From: ${emailOf(name)}\nTo: ${inbound.address}\nIn-Reply-To: ${(await mailOf(name)).messageId!}\n${more}Subject: Re: Hello ${name}!\n\nMore, please.\n`;
  await bring(await answer('Answerer'));
  await bring(await answer('Answerer', 'Message-ID: <again@example.com>\n'));
  await bring(await answer('Absent', 'Auto-Submitted: auto-replied\n'));
  const returnTo = (name: 'Gone' | 'Full'): string => mails.to(emailOf(name))[0]!.from;
  await bring(bounce(returnTo('Gone'), '5.1.1'));
  await bring(bounce(returnTo('Full'), '5.2.2'));
  await bring(bounce(returnTo('Full').replace(/\+b./, '+bz'), '5.1.1'));

  const counts = { opened_count: 1, clicked_count: 1, unsubscribed_count: 2, replied_count: 1, bounced_count: 2 };
  await allRead(uuid);
  expect(await shop.get(id)).toMatchObject({ ...counts, sent_count: 7, open_rate: 20, click_rate: 20 });
  const bounced = await shop.recipients(id, '&status=bounced');
  expect(bounced.map(({ email, error }) => [email, error])).toEqual([
    [emailOf('Gone'), '550 5.1.1 No'],
    [emailOf('Full'), '550 5.2.2 No'],
  ]);
  const suppressed = accepted(await owner.send('GET', '/suppressions')).body.data as {
    email: string;
    reason: string;
  }[];
  expect(suppressed.map(({ email, reason }) => [email, reason]).sort()).toEqual([
    [emailOf('Gone'), 'bounced'],
    [emailOf('Mailto'), 'unsubscribed'],
    [emailOf('Reader'), 'unsubscribed'],
  ]);
  // Who answers has a conversation of its own, which shows what is answered.
  const conversations = accepted(await owner.send('GET', '/conversations?sort_dir=asc')).body.data as {
    id: number;
    contact: { email: string };
  }[];
  const answered = conversations.filter(({ contact }) => contact.email === emailOf('Answerer'));
  expect(answered).toHaveLength(2);
  const { messages } = accepted(await owner.send('GET', `/conversations/${answered[0]!.id}`)).body as unknown as {
    messages: { type: string; body_text: string }[];
  };
  expect(messages.map(({ type, body_text: text }) => [type, text])).toEqual([
    ['message', 'More, please.'],
    ['activity', `Answers campaign ${id}, April Promo.`],
  ]);

  // Endpoints hear of it, of each mail too where they ask for that.
  await hook.until((all) => all.length >= 10);
  const heard = hook.all.map((one) => one.body as { type: string; data: { email: string; campaign: object } });
  const to = (type: string): string[] => heard.filter((one) => one.type === type).map(({ data }) => data.email);
  expect(new Set(to('campaign.delivered'))).toEqual(new Set(names.map(emailOf)));
  expect(to('campaign.clicked')).toEqual([emailOf('Clicker')]);
  expect(new Set(to('email.unsubscribed'))).toEqual(new Set([emailOf('Reader'), emailOf('Mailto')]));
  expect(heard[0]!.data.campaign).toMatchObject({ id, name: 'April Promo' });
  await hook.close();
  // It counts for the days of the workspace.
  const overview = accepted(await owner.send('GET', '/analytics/overview?period=7d')).body.data;
  expect(overview.campaigns).toEqual({ sent: 7, avg_open_rate: 20, avg_click_rate: 20 });
}, 120_000);

it.each([
  ['campaign', 'campaign', 'mail'],
  ['mail', 'mail', 'campaign'],
] as const)(
  'suppresses an address from which a %s, a %s and then a %s come back',
  async (...kinds) => {
    const box = new MailServer();
    const team = await given.team();
    const { owner, uuid } = team;
    const shop = new CampaignShop(team, box);
    const inbound = await shop.open();
    const email = `full-${uuid}@example.com`;
    const { id: contact_id } = await makeContact(owner, { first_name: 'Full', email });
    const suppressed = async (): Promise<unknown[]> => accepted(await owner.send('GET', '/suppressions')).body.data;
    for (const [at, kind] of kinds.entries()) {
      expect(await suppressed()).toEqual([]);
      if (kind === 'campaign') {
        await shop.post((await shop.draft()).id, 'send');
      } else {
        accepted(await owner.send('POST', '/conversations', { contact_id, channel: 'email', message: 'Hello' }));
      }
      const mail = await until(() => box.to(email)[at], 60);
      const report = bounce(mail.from, '5.2.2').replace('x@example.org', email);
      await heardBy(inbound.url, report);
      await heardBy(inbound.url, report);
      await allRead(uuid);
    }
    await box.stop();
    expect(await suppressed()).toMatchObject([{ email, reason: 'bounced' }]);
  },
  120_000,
);
