import type { SendMailOptions } from 'nodemailer';
import type { Mailbox } from '../reading/mailbox.js';
import { MAIL_LIMITS } from '../reading/mail-limits.js';
import { LOOP_HEADER } from '../reading/read-mail.js';
import { oneLine } from '../reading/well-formed.js';

export interface OutgoingMail {
  /** Ids stand without their brackets. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  /** The oldest first. */
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  /** Where answers go, where that is not `from`. */
  readonly replyTo: string | null;
  /** Where it comes back to when it can not be delivered. */
  readonly bounceTo: string | null;
  readonly date: Date;
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly { readonly name: string; readonly mimeType: string; readonly bytes: Buffer }[];
  /** What else stands above it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: a person wrote it. */
  readonly automatic: 'replied' | 'generated' | null;
  /** Of this installation, by which it knows its own. */
  readonly loopMark: string;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
}

export function composeMail(mail: OutgoingMail): SendMailOptions {
  const { from, to, cc, bcc, dkim, automatic } = mail;
  return {
    from: boxOf(from),
    to: to.map(boxOf),
    cc: cc.map(boxOf),
    // Those in Bcc stand in the envelope only.
    envelope: {
      from: mail.bounceTo ?? from.address,
      to: [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))],
    },
    ...(mail.replyTo === null ? {} : { replyTo: boxOf({ address: mail.replyTo, name: from.name }) }),
    messageId: `<${mail.messageId}>`,
    ...(mail.inReplyTo === null ? {} : { inReplyTo: `<${mail.inReplyTo}>` }),
    references: mail.references.map((id) => `<${id}>`),
    date: mail.date,
    subject: oneLine(mail.subject, MAIL_LIMITS.subjectCharacters),
    text: mail.text,
    html: mail.html === null ? htmlOf(mail.text) : withImages(mail.html),
    attachments: mail.attachments.map(({ name, mimeType, bytes }) => ({
      ...{ filename: name, contentType: mimeType, content: bytes, contentDisposition: 'attachment' as const },
    })),
    headers: { ...mail.headers, [LOOP_HEADER]: mail.loopMark, ...(automatic === null ? {} : saidToBe(automatic)) },
    ...(dkim === null
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
    // What a mail says comes from strangers: it must not name a file of ours to attach.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** As an object: a text would be parsed, and could be several. */
function boxOf({ name, address }: Mailbox): { name: string; address: string } {
  return { name: oneLine(name, 255), address };
}

/** So that programs do not answer it (RFC 3834). */
function saidToBe(automatic: 'replied' | 'generated'): Record<string, string> {
  return { 'Auto-Submitted': `auto-${automatic}`, 'X-Auto-Response-Suppress': 'All' };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const HELD_BACK = /(<img\b[^>]*?\s)data-src="(https?:[^"]*)"/gi;

/** Whoever writes it wants its images seen; what is stored holds them back for whoever reads it here. */
function withImages(html: string): string {
  return html.replace(HELD_BACK, '$1src="$2"');
}

/** The same words, for programs that show HTML only. */
export function htmlOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]!);
  const paragraphs = escaped.split(/\n{2,}/).map((paragraph) => `<p>${paragraph.replace(/\n/g, '<br>\n')}</p>`);
  return paragraphs.join('\n');
}
