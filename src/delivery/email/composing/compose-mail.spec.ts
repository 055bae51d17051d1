import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { readMail } from '../reading/read-mail.js';
import { composeMail, htmlOf, type OutgoingMail } from './compose-mail.js';

const MAIL: OutgoingMail = {
  messageId: 'm1@shop.example',
  inReplyTo: 'b@example.org',
  references: ['a@example.org', 'b@example.org'],
  subject: 'Re: Größe',
  from: { name: 'Acme, Inc.', address: 'support@shop.example' },
  to: [{ name: 'Anna "A" Schmidt', address: 'anna@example.org' }],
  cc: [{ name: '', address: 'bert@example.org' }],
  bcc: [{ name: '', address: 'secret@example.org' }],
  replyTo: 'support+c31.abcdefghijklmnop@in.shop.example',
  bounceTo: 'bounce+x@in.shop.example',
  date: new Date('2026-02-03T10:00:00Z'),
  text: 'Hello <Anna>,\n\nit is blue.',
  html: null,
  attachments: [{ name: 'Größe.txt', mimeType: 'text/plain', bytes: Buffer.from('blue') }],
  automatic: null,
  loopMark: 'here',
  dkim: null,
};

async function sent(
  mail: Partial<OutgoingMail>,
): Promise<{ raw: string; envelope: { from: string | false; to: string[] } }> {
  const stream = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message, envelope } = await stream.sendMail(composeMail({ ...MAIL, ...mail }));
  return { raw: (message as Buffer).toString('utf8'), envelope };
}

function headersOf(raw: string): string[] {
  return raw
    .split('\r\n\r\n', 1)[0]!
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
}

describe('composing a mail', () => {
  it('is read as it was meant', async () => {
    const { raw } = await sent({});
    expect(await readMail(Buffer.from(raw))).toMatchObject({
      messageId: 'm1@shop.example',
      follows: ['b@example.org', 'a@example.org'],
      from: MAIL.from,
      to: MAIL.to,
      cc: MAIL.cc,
      replyTo: [{ address: MAIL.replyTo, name: 'Acme, Inc.' }],
      subject: 'Re: Größe',
      text: MAIL.text,
      html: '<p>Hello &lt;Anna&gt;,</p>\n<p>it is blue.</p>\n',
      automatic: 'none',
      loopMark: 'here',
      attachments: [{ name: 'Größe.txt', mimeType: 'text/plain' }],
    });
  });

  it('tells nobody of those in Bcc', async () => {
    const { raw, envelope } = await sent({});
    expect(envelope.to).toEqual(['anna@example.org', 'bert@example.org', 'secret@example.org']);
    expect(envelope.from).toBe('bounce+x@in.shop.example');
    expect(raw).not.toContain('secret@');
  });

  it('says when no person wrote it', async () => {
    const { raw } = await sent({ automatic: 'replied' });
    expect(headersOf(raw)).toEqual(
      expect.arrayContaining(['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All']),
    );
    expect((await readMail(Buffer.from(raw))).automatic).toBe('replied');
  });

  it.each([
    [{ subject: 'Hi\r\nBcc: x@example.net' }],
    [{ subject: 'Hi\nBcc: x@example.net\n\nbody' }],
    [{ subject: 'Hi\0\u2028Bcc: x@example.net' }],
    [{ from: { name: 'Acme\r\nBcc: x@example.net', address: 'support@shop.example' } }],
    [{ to: [{ name: 'Anna\r\nBcc: x@example.net', address: 'anna@example.org' }] }],
    [{ attachments: [{ name: 'a\r\nBcc: x@example.net', mimeType: 'text/plain', bytes: Buffer.from('') }] }],
  ] satisfies [Partial<OutgoingMail>][])('gains no header by %j', async (mail) => {
    const names = (raw: string) => headersOf(raw).map((line) => line.split(':', 1)[0]);
    const { raw, envelope } = await sent(mail);
    expect(names(raw)).toEqual(names((await sent({})).raw));
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(envelope.to).not.toContain('x@example.net');
  });

  it('is signed where the account has a key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const { raw } = await sent({ dkim: { domain: 'shop.example', selector: 's1', privateKey } });
    const signature = headersOf(raw).find((line) => line.startsWith('DKIM-Signature:'));
    expect(signature).toMatch(/d=shop\.example;.*s=s1;/);
    expect(signature).toMatch(/h=[^;]*from[^;]*subject/i);
  });
});

describe('the HTML of a text', () => {
  it.each([
    ['a', '<p>a</p>'],
    ['a\nb\n\n\nc', '<p>a<br>\nb</p>\n<p>c</p>'],
    ['<script>&"', '<p>&lt;script&gt;&amp;&quot;</p>'],
  ])('%j', (text, html) => {
    expect(htmlOf(text)).toBe(html);
  });
});
