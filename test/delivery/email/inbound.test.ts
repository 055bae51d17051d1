import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import type { EmailAccountsService } from '../../../src/delivery/email/accounts/email-accounts.service.js';
import type { InboundEmailsService } from '../../../src/delivery/email/inbound/inbound-emails.service.js';
import type { MailAddresses } from '../../../src/delivery/email/threads/mail-addresses.js';
import { formatId } from '../../../src/platform/common/ids/type-id.js';
import { accepted, given as givenOn, type TestClient } from '../../support/given.js';
import { filedOf, type Filed } from '../../support/filed-mails.js';
import { tenantOf } from '../../support/phones.js';
import { startServer, useServer } from '../../support/server.js';
import { ownDatabase, sql } from '../../support/sql.js';
import { until } from '../../support/until.js';

beforeAll(ownDatabase);
const DOMAIN = 'in.parlance.example';
let smtpPort = 0;
const server = useServer(async () => {
  smtpPort = await freePort();
  return startServer({ ROLE: 'all', INBOUND_MAIL_DOMAIN: DOMAIN, SMTP_PORT: String(smtpPort) });
});
const given = givenOn(() => server);

const SUPPORT = 'support@shop.example';

const stored = (name: string): string =>
  readFileSync(new URL(`../../support/mails/${name}.eml`, import.meta.url), 'latin1');

describe('A mail that comes in', () => {
  let acme: TestClient;
  let accountId: string;
  const open = async (client: TestClient, email = SUPPORT): Promise<string> => {
    const smtp = { host: '127.0.0.1', port: 2525, secure: false, username: null, password: null };
    const account = { email, name: null, fromName: 'Shop', smtp, dkim: null, ratePerMinute: 60 };
    return (await server.get<EmailAccountsService>('EmailAccountsService').create(tenantOf(client), account)).id;
  };
  const bring = async (mail: string, client = acme, id = accountId): Promise<void> => {
    const raw = Buffer.from(mail.includes('\r\n') ? mail : mail.replace(/\n/g, '\r\n'), 'latin1');
    const arrived = { raw, envelopeFrom: null, envelopeTo: [] };
    await server.get<InboundEmailsService>('InboundEmailsService').accept({ ...tenantOf(client), id }, arrived);
  };
  /** Until nothing waits to be understood. */
  const understood = (client = acme): Promise<unknown> =>
    until(async () => {
      const [{ n } = { n: 1 }] = await sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM inbound_emails WHERE client_id = $1 AND state = 'pending'`,
        client.uuid,
      );
      return n === 0;
    }, 30);
  const hear = async (...mails: string[]): Promise<Filed[]> => {
    for (const mail of mails) {
      await bring(mail);
      await understood();
    }
    return filedOf(acme);
  };
  const mail = (headers: string, text = 'Hello') => `To: ${SUPPORT}\n${headers}\n\n${text}\n`;
  const FIRST = mail('From: Anna <anna@example.org>\nMessage-ID: <a1@example.org>\nSubject: Order');

  beforeEach(async () => {
    acme = await given.client();
    accountId = await open(acme);
  });

  it('is a message of its sender in a conversation of its own, with its files', async () => {
    const [filed] = await hear(stored('outlook-inline-image'));
    expect(filed).toMatchObject({
      ...{ sender: 'juergen.mueller@firma.example', subject: 'WG: Größe der Lieferung', status: 'open' },
      ...{ automatic: 'none', problem: null, files: [{ contentId: 'image001.png@01DB0000.00000000' }] },
    });
    expect(filed!.content).toContain('die Größe stimmt nicht');
    expect(filed!.html).toContain('src="cid:image001.png@01DB0000.00000000"');
    const [contact] = await sql<{ name: string }>(
      `SELECT name FROM customers WHERE client_id = $1 AND kind = 'person'`,
      acme.uuid,
    );
    expect(contact!.name).toBe('Müller, Jürgen');
    // The mail as it came is kept with its message, and so is what came with it.
    const kept = await sql<{ name: string; held: boolean }>(
      `SELECT name, expires_at IS NULL AS held FROM files WHERE client_id = $1 ORDER BY name`,
      acme.uuid,
    );
    expect(kept).toEqual([
      { name: 'image001.png', held: true },
      { name: 'mail.eml', held: true },
    ]);
  });

  it('goes on where it follows a mail that its sender was part of', async () => {
    const filed = await hear(
      FIRST,
      mail('From: anna@example.org\nMessage-ID: <a2@example.org>\nSubject: Re: Order\nIn-Reply-To: <a1@example.org>'),
    );
    expect(new Set(filed.map(({ channelId }) => channelId)).size).toBe(1);
  });

  it('of a stranger with a copied Message-ID begins a related conversation, of which the contact sees nothing', async () => {
    const [first, forged] = await hear(
      FIRST,
      mail('From: mallory@example.net\nMessage-ID: <m1@example.net>\nSubject: Re: Order\nReferences: <a1@example.org>'),
    );
    expect(forged!.channelId).not.toBe(first!.channelId);
    expect(forged).toMatchObject({ related: first!.channelId, sender: 'mallory@example.net' });
  });

  it('does not follow a mail of another client', async () => {
    const globex = await given.client();
    const other = await open(globex);
    await hear(FIRST);
    await bring(
      mail('From: anna@example.org\nMessage-ID: <a2@example.org>\nSubject: Re: Order\nIn-Reply-To: <a1@example.org>'),
      globex,
      other,
    );
    await understood(globex);
    expect(await filedOf(globex)).toMatchObject([{ related: null, subject: 'Re: Order' }]);
  });

  it('is there once, however often and by however many roads it comes', async () => {
    await Promise.all(Array.from({ length: 10 }, () => bring(FIRST)));
    await understood();
    expect(await filedOf(acme)).toHaveLength(1);
    const channels = await sql(`SELECT id FROM channels WHERE client_id = $1`, acme.uuid);
    expect(channels).toHaveLength(1);
    const nameless = mail('From: anna@example.org\nSubject: no id');
    expect(await hear(nameless, nameless)).toHaveLength(2);
  });

  it('of a program reopens nothing; of a person it does', async () => {
    const [first] = await hear(FIRST);
    await sql(`UPDATE conversations SET status = 'closed', resolved_at = now() WHERE client_id = $1`, acme.uuid);
    const answer = (id: string, more: string) =>
      mail(
        `From: anna@example.org\nMessage-ID: <${id}@example.org>\nSubject: Re: Order\nIn-Reply-To: <a1@example.org>${more}`,
      );
    const away = await hear(answer('a2', '\nAuto-Submitted: auto-replied'));
    expect(away.at(-1)).toMatchObject({ channelId: first!.channelId, status: 'closed', automatic: 'replied' });
    const back = await hear(answer('a3', ''));
    expect(back.at(-1)).toMatchObject({ channelId: first!.channelId, status: 'open' });
  });

  it('with another subject begins anew where its conversation is closed', async () => {
    const [first] = await hear(FIRST);
    await sql(`UPDATE conversations SET status = 'closed', resolved_at = now() WHERE client_id = $1`, acme.uuid);
    const filed = await hear(
      mail('From: anna@example.org\nMessage-ID: <a2@example.org>\nSubject: Invoice\nIn-Reply-To: <a1@example.org>'),
    );
    expect(filed.at(-1)).toMatchObject({ related: first!.channelId, subject: 'Invoice', status: 'open' });
  });

  it('that can not be read says so, with the mail as it came', async () => {
    const deep = Array.from(
      { length: 30 },
      (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n`,
    );
    const [filed] = await hear(`From: anna@example.org\nSubject: Deep\nMessage-ID: <d@example.org>\n${deep.join('')}`);
    expect(filed).toMatchObject({ problem: 'too_deep', subject: 'Deep', sender: 'anna@example.org' });
    expect(filed!.content).toContain('could not be read');
  });

  it('of nobody is kept as failed, and the next is understood', async () => {
    const filed = await hear(mail('Subject: Whose?'), FIRST);
    expect(filed).toHaveLength(1);
    const failed = await sql(`SELECT state, error FROM inbound_emails WHERE client_id = $1`, acme.uuid);
    expect(failed).toEqual([{ state: 'failed', error: 'It names no sender' }]);
  });

  describe('from an address of its own', () => {
    const OWN = 'From: sales@shop.example\nSubject: Re: Order\nIn-Reply-To: <a1@example.org>';
    const said = (more: string) => mail(`${OWN}\n${more}`, 'Written elsewhere');
    beforeEach(() => open(acme, 'sales@shop.example'));

    it('that went out from here is none, and neither is one that goes on with nothing', async () => {
      const mark = (await server.get<MailAddresses>('MailAddresses').tokens()).loopMark(acme.uuid);
      const begun = mail('From: sales@shop.example\nMessage-ID: <own@shop.example>\nSubject: Loop');
      expect(await hear(FIRST, said(`X-Parlance-Loop: ${mark}`), begun)).toHaveLength(1);
    });

    it('is what the account says in its conversation, once, and is not sent again', async () => {
      const own = said('Message-ID: <own@shop.example>\nX-Parlance-Loop: not ours');
      await hear(FIRST);
      await Promise.all([bring(own), bring(own), bring(own)]);
      await understood();
      const [first, second, ...more] = await filedOf(acme);
      expect([second, more]).toMatchObject([
        { channelId: first!.channelId, content: 'Written elsewhere', sender: null },
        [],
      ]);
      expect(await sql(`SELECT 1 FROM email_deliveries WHERE client_id = $1`, acme.uuid)).toEqual([]);
      const [thread] = await sql(
        `SELECT last_by AS by, waiting_since AS since FROM conversations WHERE client_id = $1`,
        acme.uuid,
      );
      expect(thread).toEqual({ by: 'team', since: null });
    });
  });

  it('is told in the words of the core too', async () => {
    const [filed] = await hear(FIRST);
    const { body } = accepted(await acme.send('GET', `/api/v1/messages/channel/${filed!.channelId}`));
    expect(body.data).toMatchObject([{ content: 'Hello' }]);
  });

  it('comes by SMTP to the address of its account, and nobody else does', async () => {
    const [account] = await sql<{ name: string }>(
      `SELECT inbound_name AS name FROM email_accounts WHERE client_id = $1`,
      acme.uuid,
    );
    const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true });
    const send = (to: string) =>
      transport.sendMail({ from: 'anna@example.org', to, subject: 'By SMTP', text: 'Hello' });
    await send(`${account!.name}@${DOMAIN}`);
    await understood();
    expect(await filedOf(acme)).toMatchObject([{ subject: 'By SMTP', sender: 'anna@example.org' }]);
    for (const to of [SUPPORT, `0000000000000000@${DOMAIN}`, `${account!.name}@elsewhere.example`]) {
      await expect(send(to)).rejects.toMatchObject({ responseCode: 550 });
    }
  });

  describe('is forgotten', () => {
    const rest = async (): Promise<object[]> =>
      sql(
        `SELECT mail.subject, mail.text, mail."from"->>'address' AS "from", mail."to", mail.raw_file_id IS NULL AS "hasNoRaw",
                (SELECT count(*)::int FROM files WHERE client_id = $1 AND expires_at IS NULL) AS kept
         FROM email_messages mail WHERE mail.client_id = $1`,
        acme.uuid,
      );

    it('with its message', async () => {
      await hear(FIRST);
      const [message] = await sql<{ id: string }>(`SELECT id FROM messages WHERE client_id = $1`, acme.uuid);
      accepted(await acme.send('DELETE', `/api/v1/messages/${formatId('message', message!.id)}?mode=all_participants`));
      expect(await rest()).toMatchObject([
        { subject: '', text: '', from: 'anna@example.org', hasNoRaw: true, kept: 0 },
      ]);
    });

    it('with its contact, who is named nowhere any more', async () => {
      await hear(FIRST);
      const [anna] = await sql<{ id: string }>(
        `SELECT id FROM customers WHERE client_id = $1 AND kind = 'person'`,
        acme.uuid,
      );
      accepted(await acme.send('DELETE', `/api/v1/customers/${formatId('customer', anna!.id)}`));
      expect(await rest()).toMatchObject([{ text: '', from: '', to: [], hasNoRaw: true, kept: 0 }]);
      const [found] = await sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM email_messages mail WHERE client_id = $1 AND mail::text LIKE '%anna@%'`,
        acme.uuid,
      );
      expect(found!.n).toBe(0);
    });
  });

  it('belongs where its token says, whoever wrote it, and nowhere by a token that is wrong', async () => {
    const [first] = await hear(FIRST);
    const [{ number }] = (await sql(`SELECT number::int FROM conversations WHERE client_id = $1`, acme.uuid)) as [
      { number: number },
    ];
    const addresses = await server.get<MailAddresses>('MailAddresses').tokens();
    const token = addresses.conversationAddress(acme.uuid, `support@${DOMAIN}`, number)!;
    const foreign = addresses.conversationAddress((await given.client()).uuid, `support@${DOMAIN}`, number)!;
    const to = (address: string, id: string) =>
      `To: ${address}\nFrom: ${id}@example.net\nMessage-ID: <${id}@example.net>\nSubject: Re: Order\n\nHi\n`;
    const [, forged, wrong, colleague] = await hear(
      to(foreign, 'forged'),
      to(token.replace(/\.\w{16}@/, '.aaaaaaaaaaaaaaaa@'), 'wrong'),
      to(token, 'colleague'),
    );
    expect(forged!.channelId).not.toBe(first!.channelId);
    expect(wrong!.channelId).not.toBe(first!.channelId);
    expect(colleague).toMatchObject({ channelId: first!.channelId, sender: 'colleague@example.net' });
  });
});

/** One that nobody listens at. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}
