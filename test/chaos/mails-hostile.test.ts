import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailAccountsService } from '../../src/delivery/email/accounts/email-accounts.service.js';
import { filedOf } from '../support/filed-mails.js';
import { given as givenOn } from '../support/given.js';
import { MailServer } from '../support/mail-server.js';
import { ANNA, LOGIN, MailShop, SUPPORT } from '../support/mail-shop.js';
import { asClient, Listener } from '../support/pusher.js';
import { startServer, useServer } from '../support/server.js';
import { ownDatabase } from '../support/sql.js';
import { until } from '../support/until.js';

beforeAll(ownDatabase);
const server = useServer(() => startServer({ ROLE: 'all', INBOUND_MAIL_DOMAIN: 'in.parlance.example' }));
const given = givenOn(() => server);

describe('Mails that mean harm', () => {
  const from = (at: number, rest: string): string =>
    `From: ${at}@example.org\nTo: ${SUPPORT}\nMessage-ID: <h${at}@example.org>\nSubject: ${at}\n${rest}`;
  const nested = (depth: number): string =>
    Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n`).join('');
  const attached = (name: string): string =>
    `Content-Type: application/pdf\nContent-Disposition: attachment; filename="${name}"\n\nx`;

  it('are shown as far as they are sound, or listed, and hold up none that comes after', async () => {
    const client = await given.client();
    const acme = new MailShop(server, client, new MailServer(LOGIN));
    await acme.open();
    const hostile = [
      from(0, `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(10_000)}--b--\n`),
      from(1, nested(1_000)),
      from(2, `X-Long: ${'a'.repeat(1024 * 1024)}\n\nbody`),
      from(3, 'Content-Transfer-Encoding: base64\n\n!!!! this is = no base64 ????\n'),
      from(4, 'Content-Type: text/plain; charset=x-nobody-knows\n\nHello\n'),
      from(5, attached('../../etc/passwd')),
      from(6, attached('=?utf-8?Q?=E2=80=AEfdp.exe?=')),
      from(7, 'From: second@example.org\nFrom: third@example.org\n\nHello\n'),
      `To: ${SUPPORT}\nSubject: of nobody\n\nHello\n`,
    ];
    await Promise.all(hostile.map((mail) => acme.accept(mail, '')));
    await acme.bring(from(9, '\nOf a friend'));
    await acme.mails.stop();
    const filed = await filedOf(client);
    const bySubject = Object.fromEntries(filed.map((one) => [one.subject, one]));
    expect(Object.keys(bySubject)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '9']);
    expect(['0', '1', '2'].map((at) => bySubject[at]!.problem)).toEqual([
      ...['too_many_parts', 'too_many_parts', 'headers_too_large'],
    ]);
    expect(['3', '4', '5', '6', '7', '9'].map((at) => bySubject[at]!.problem)).toEqual(Array(6).fill(null));
    expect(bySubject['9']).toMatchObject({ content: 'Of a friend', sender: '9@example.org' });
    expect(bySubject['4']!.content).toContain('Hello');
    expect(bySubject['7']!.sender).toMatch(/^(7|second|third)@example\.org$/);
  });
});

describe('Programs that answer each other', () => {
  const ANSWERS = 5;
  const shops: MailShop[] = [];
  /** A client with an account, and what it hears of it. */
  const open = async (email: string): Promise<{ readonly shop: MailShop; readonly page: Listener }> => {
    const client = await given.client();
    const page = new Listener(server.url, client.publicKey, asClient(server.url, client));
    await page.subscribe('private-client');
    const shop = new MailShop(server, client, new MailServer(LOGIN));
    shops.push(shop);
    await shop.open({}, { email });
    return { shop, page };
  };
  afterEach(() => Promise.all(shops.splice(0).map(({ mails }) => mails.stop())));

  /** Says something, once more; the mail that went out, or null where it was held back. */
  const say = async (shop: MailShop): Promise<string | null> => {
    // Else they would go on for ever.
    expect(shop.mails.received.length).toBeLessThan(3 * ANSWERS);
    await shop.say();
    const ended = await until(async () => {
      const all = await shop.sent();
      return all.every(({ status }) => status === 'sent' || status === 'failed') ? all : null;
    });
    const { status, errorCode } = ended.at(-1)!;
    expect([status, errorCode]).toEqual(status === 'sent' ? ['sent', null] : ['failed', 'loop_stopped']);
    return status === 'sent' ? shop.mails.received.at(-1)!.raw.toString('latin1') : null;
  };
  const hear = async (shop: MailShop, mail: string): Promise<void> => {
    const before = (await shop.heard()).length;
    await shop.bring(mail);
    const heard = await shop.heard();
    expect(heard).toHaveLength(before + 1);
    shop.channelId = heard[0]!.channelId;
  };
  const expectStopped = async (page: Listener): Promise<void> => {
    const [stopped] = await page.next('email.loop_stopped', 1, 'private-client');
    expect(stopped!.data).toMatchObject({ type: 'reply', delivery: { status: 'failed', error_code: 'loop_stopped' } });
    page.end();
  };

  it('of two workspaces are stopped after five answers each', async () => {
    const acme = await open('support@acme.example');
    const globex = await open('support@globex.example');
    await hear(acme.shop, 'From: support@globex.example\nTo: support@acme.example\nSubject: Hi\n\nHello\n');
    let [speaking, hearing] = [acme, globex];
    for (let mail = await say(acme.shop); mail !== null; mail = await say(speaking.shop)) {
      await hear(hearing.shop, mail);
      [speaking, hearing] = [hearing, speaking];
    }
    // The first answers what nothing says of that a program wrote it.
    expect([acme, globex].map(({ shop }) => shop.mails.received.length)).toEqual([1 + ANSWERS, ANSWERS]);
    await expectStopped(globex.page);
  });

  it('are stopped where a forwarder brings back what we say', async () => {
    const { shop, page } = await open('support@acme.example');
    await hear(shop, `From: ${ANNA}\nTo: support@acme.example\nMessage-ID: <a1@example.org>\nSubject: Hi\n\nHello\n`);
    for (let mail = await say(shop); mail !== null; mail = await say(shop)) {
      await hear(shop, mail.replace(/^From: .*$/m, `From: ${ANNA}`));
    }
    // The first answers a person.
    expect(shop.mails.received).toHaveLength(1 + ANSWERS);
    await expectStopped(page);
  });
});

it.each([
  ['169.254.169.254', 587, 'smtp.host'],
  ['localhost', 587, 'smtp.host'],
  ['[::1]', 587, 'smtp.host'],
  ['redis.example', 6379, 'smtp.port'],
])('No account in live mode sends by %s, port %i', async (host, port, field) => {
  const smtp = { host, port, secure: false, username: null, password: null };
  const account = { email: SUPPORT, name: null, fromName: 'Shop', smtp, dkim: null, ratePerMinute: 60 };
  const { uuid: clientId } = await given.client();
  const accounts = server.get<EmailAccountsService>('EmailAccountsService');
  await expect(accounts.create({ clientId, livemode: true }, account)).rejects.toMatchObject({
    details: { errors: { [field]: [expect.any(String)] } },
  });
});
