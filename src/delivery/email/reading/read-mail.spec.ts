import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { MAIL_LIMITS } from './mail-limits.js';
import { readMail, type ReadMail } from './read-mail.js';

const FOLDER = new URL('../../../../test/support/mails/', import.meta.url);

async function read(name: string): Promise<ReadMail> {
  return readMail(await readFile(new URL(`${name}.eml`, FOLDER)));
}

function readText(mail: string): Promise<ReadMail> {
  return readMail(Buffer.from(mail.replace(/\n/g, '\r\n')));
}

describe('reading a mail as programs write it', () => {
  it.each([
    [
      'gmail-reply',
      'Anna Schmidt',
      'anna.schmidt@gmail.example',
      'Re: Your order 4711',
      'Yes, the blue one please – and thank you! 🙂',
    ],
    [
      'outlook-inline-image',
      'Müller, Jürgen',
      'juergen.mueller@firma.example',
      'WG: Größe der Lieferung',
      'Guten Tag,',
    ],
    ['outlook-winmail', 'Keller, Urs', 'urs.keller@amt.example', 'Formular', 'The form is attached.'],
    ['apple-mail-pdf-between', 'Chloé Dupont', 'chloe@icloud.example', 'Facture n° 12 – déjà payée', 'Bonjour,'],
    [
      'thunderbird-flowed',
      "O'Neil, Sean (Home)",
      'sean@thunder.example',
      'Re: Your order 4711',
      'This is a paragraph that is long enough to be broken by the program that wrote it, and meant as one line – naïve as that is.',
    ],
    ['japanese', '山田太郎', 'taro@nihon.example', 'ご注文について', '配送はいつですか。'],
    ['russian-koi8', 'Иван Петров', 'ivan@pochta.example', 'Вопрос о заказе', 'Где мой заказ?'],
    ['arabic', 'سارة', 'sara@barid.example', 'سؤال', 'أين طلبي؟'],
    [
      'forwarded-as-attachment',
      'Bert Forwarder',
      'bert@example.org',
      'Fwd: Complaint',
      'Please look after this customer.',
    ],
    ['calendar-invite', 'Gina Planner', 'gina@example.org', 'Invitation: Call', 'Call on Friday at ten.'],
    ['three-from', 'First', 'first@example.org', 'three senders', 'Hello world'],
    ['no-from', '', 'bare@example.org', 'no sender', 'café'],
  ])('%s', async (name, sender, address, subject, firstLine) => {
    const mail = await read(name);
    expect(mail).toMatchObject({ from: { name: sender, address }, subject, automatic: 'none', problem: null });
    expect(mail.content.split('\n')[0]!.slice(0, firstLine.length)).toBe(firstLine);
  });

  it('names the mails that it follows, the newest first', async () => {
    expect((await read('gmail-reply')).follows).toEqual([
      '018f0000-0000-7000-8000-000000000001@shop.example',
      'root-1@shop.example',
    ]);
    expect((await read('japanese')).follows).toEqual([]);
    const ids = Array.from({ length: 30 }, (_, at) => `<m${at}@example.org>`).join('\n ');
    const { follows } = await readText(`From: a@example.org\nReferences: ${ids}\nIn-Reply-To: <m3@example.org>\n\nx`);
    expect(follows).toHaveLength(20);
    expect(follows[0]).toBe('m29@example.org');
  });

  it('finds its Message-ID without brackets and on a line of its own', async () => {
    expect((await read('three-from')).messageId).toBe('broken-id@example.org');
    expect((await read('outlook-inline-image')).messageId).toMatch(/^AM0PR01MB1234ABCDEF0123456789@/);
    expect((await read('no-from')).messageId).toBeNull();
  });

  it('takes the files that come with it', async () => {
    const files = async (name: string) =>
      (await read(name)).attachments.map(({ name, mimeType, contentId, bytes }) => [
        name,
        mimeType,
        contentId,
        bytes.length,
      ]);
    expect(await files('outlook-inline-image')).toEqual([
      ['image001.png', 'image/png', 'image001.png@01DB0000.00000000', 70],
    ]);
    expect(await files('outlook-winmail')).toEqual([['winmail.dat', 'application/ms-tnef', null, 40]]);
    expect(await files('apple-mail-pdf-between')).toEqual([['Facture n° 12.pdf', 'application/pdf', null, 19]]);
    expect(await files('forwarded-as-attachment')).toEqual([['mail.eml', 'message/rfc822', null, 197]]);
    expect(await files('calendar-invite')).toEqual([['invite.ics', 'text/calendar', null, 57]]);
    expect(await files('phishing-names')).toEqual([['invoice fdp.exe', 'application/octet-stream', null, 3]]);
  });

  it('puts the parts of a mail together in their order', async () => {
    const { html } = await read('apple-mail-pdf-between');
    expect(html?.indexOf('déjà payée')).toBeLessThan(html?.indexOf('Merci') ?? 0);
  });

  it('opens groups, and names each address once', async () => {
    expect((await read('three-from')).to.map(({ address }) => address)).toEqual([
      ...['support@shop.example', 'a@shop.example', 'b@shop.example'],
    ]);
  });

  it.each([
    ['gmail-reply', 'none'],
    ['auto-reply-outlook', 'generated'],
    ['auto-reply-vacation', 'replied'],
    ['mailing-list', 'list'],
    ['bounce-postfix', 'bounce'],
    ['bounce-exchange-headers-only', 'bounce'],
  ])('%s is written by: %s', async (name, automatic) => {
    expect((await read(name)).automatic).toBe(automatic);
  });

  it('understands what came back', async () => {
    expect((await read('bounce-postfix')).bounce).toEqual({
      originalMessageId: '018f0000-0000-7000-8000-000000000002@shop.example',
      recipients: [
        {
          address: 'gone@example.net',
          action: 'failed',
          status: '5.1.1',
          diagnostic: '550 5.1.1 <gone@example.net>: Recipient address rejected: User unknown',
        },
      ],
    });
    expect((await read('bounce-exchange-headers-only')).bounce).toMatchObject({
      originalMessageId: '018f0000-0000-7000-8000-000000000003@shop.example',
      recipients: [{ action: 'delayed', status: '4.4.7' }],
    });
  });
});

describe('a mail that means harm', () => {
  it('runs nothing, loads nothing and names its sender by the address', async () => {
    const { html, subject, from } = await read('phishing-names');
    expect(html).not.toMatch(
      /script|onmouse|onerror|onload|javascript:|<form|<input|<svg|<iframe|<style|position|url\(/i,
    );
    expect(html).toContain('data-src="http://track.example/p.gif?u=1"');
    expect(html).not.toMatch(/\ssrc=/);
    expect(subject).toBe('Pay now Bcc: all@shop.example');
    expect(from?.address).toBe('evil@attacker.example');
  });

  const TOP =
    'From: Anna <anna@example.org>\nTo: support@shop.example\nSubject: Much\nMessage-ID: <much@example.org>\nIn-Reply-To: <before@shop.example>\n';
  const nested = (depth: number): string =>
    Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n`).join('');
  it.each([
    [
      '10,000 parts',
      `${TOP}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(10_000)}--b--\n`,
      'too_many_parts',
    ],
    [
      '101 parts',
      `${TOP}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(101)}--b--\n`,
      'too_many_parts',
    ],
    ['a depth of 1,000', `${TOP}${nested(1_000)}`, 'too_many_parts'],
    ['a depth of 21', `${TOP}${nested(21)}`, 'too_deep'],
    ['a header of 1 MB', `${TOP}X-Long: ${'a'.repeat(1024 * 1024)}\n\nbody`, 'headers_too_large'],
    ['many headers', `${TOP}${'X-Many: a\n'.repeat(10_000)}\n\nbody`, 'headers_too_large'],
  ])('%s: shown by its headers', async (_, mail, problem) => {
    expect(await readText(mail)).toMatchObject({
      ...{ problem, subject: 'Much', messageId: 'much@example.org', follows: ['before@shop.example'] },
      ...{ from: { address: 'anna@example.org' }, to: [{ address: 'support@shop.example' }] },
      ...{ content: '', html: null, attachments: [] },
    });
  });

  it.each([
    ['100 parts', `${TOP}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(100)}--b--\n`],
    ['a depth of 19', `${TOP}${nested(19)}\nx\n`],
  ])('%s: read whole', async (_, mail) => {
    expect(await readText(mail)).toMatchObject({ problem: null, content: expect.stringContaining('x') });
  });

  it.each([
    ['nothing at all', ''],
    ['one line break', '\n'],
    ['zeros', '\0'.repeat(1_000)],
    ['only a body', '\n\nhello'],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary=b\n\nhello'],
    ['a boundary of nothing', 'Content-Type: multipart/mixed; boundary=""\n\n--\n\nhello\n----\n'],
    ['an encoded word that breaks off', 'From: =?utf-8?B?w?= <a@example.org>\nSubject: =?utf-8?Q?=C3?=\n\nx'],
    ['half a character', 'From: a@example.org\nSubject: =?utf-16be?B?2D0=?=\n\nx'],
  ])('%s: as far as it is sound', async (_, mail) => {
    const read = await readText(mail);
    expect(read.problem).toBeNull();
    for (const text of [read.subject, read.content, read.from?.name ?? '']) {
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain('\0');
    }
  });

  it('holds a text of many megabytes to what is kept', async () => {
    const mail = await readText(`From: a@example.org\n\n${'wörd '.repeat(1_000_000)}`);
    expect(mail.content).toHaveLength(MAIL_LIMITS.contentCharacters);
    expect(mail.text).toHaveLength(MAIL_LIMITS.textCharacters);
  });

  it.each([
    ['as many bytes as are read', '<p style="color:red">x</p>'.repeat(100_000)],
    ['more than is kept', `<p>x</p>${'<b></b>'.repeat(100_000)}`],
  ])('shows the text of HTML that is %s', async (_, html) => {
    const mail = await readText(`From: a@example.org\nContent-Type: text/html\n\n${html}`);
    expect(mail.html).toBeNull();
    expect(mail.content).toMatch(/^x/);
  });
});
