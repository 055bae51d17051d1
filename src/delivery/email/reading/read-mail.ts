import type { Attachment, Email } from 'postal-mime';
import { attachmentName } from './attachment-name.js';
import { automaticKind, type Automatic } from './automatic-mail.js';
import { readBounce, type BounceReport } from './bounce-report.js';
import { MAIL_LIMITS } from './mail-limits.js';
import { MailHeaders, messageIdsIn } from './mail-headers.js';
import { textOfMail, type MailText } from './mail-text.js';
import { mailboxesOf, mailboxOf, type Mailbox } from './mailbox.js';
import { bytesOf, onlyHeaders, parseMail, type MailProblem, type ParsedMail } from './parsed-mail.js';
import { cut, oneLine } from './well-formed.js';

export interface MailAttachment {
  readonly name: string;
  readonly mimeType: string;
  /** What its HTML calls it by, in `cid:`. */
  readonly contentId: string | null;
  readonly bytes: Uint8Array;
}

/** A mail as far as it can be understood without knowing anything else. */
export interface ReadMail extends MailText {
  /** Message-IDs stand without their brackets. */
  readonly messageId: string | null;
  /** Of the mails it follows: the newest first, at most 20. */
  readonly follows: readonly string[];
  readonly from: Mailbox | null;
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** To whom it was delivered on its way here, tokens and all. */
  readonly deliveredTo: readonly string[];
  readonly subject: string;
  readonly automatic: Automatic;
  readonly bounce: BounceReport | null;
  readonly attachments: readonly MailAttachment[];
  /** How many servers it came through. */
  readonly hops: number;
  /** What an installation like this one marked it with. */
  readonly loopMark: string | null;
  readonly problem: MailProblem | null;
}

export const LOOP_HEADER = 'X-Parlance-Loop';
const MIME_TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;
const LOOP_MARK_CHARACTERS = 200;

export async function readMail(raw: Uint8Array): Promise<ReadMail> {
  return understood(await parseMail(raw));
}

/** No more of it than its headers, because of `problem`. */
export async function readHeaders(raw: Uint8Array, problem: MailProblem): Promise<ReadMail> {
  return understood({ email: await onlyHeaders(raw), problem });
}

function understood({ email, problem }: ParsedMail): ReadMail {
  const headers = new MailHeaders(email.headers);
  const from = senderOf(email);
  const contentType = headers.first('content-type') ?? '';
  const returnPath = headers.first('return-path');
  const automatic = automaticKind(headers, {
    returnPath: returnPath === null ? null : returnPath.replace(/[<>\s]/g, ''),
    from: from?.address ?? null,
    contentType,
  });
  return {
    messageId: messageIdsIn(headers.first('message-id'))[0] ?? null,
    follows: followsOf(headers),
    from,
    replyTo: mailboxesOf(email.replyTo ?? []),
    to: mailboxesOf(email.to ?? []),
    cc: mailboxesOf(email.cc ?? []),
    deliveredTo: deliveredTo(email),
    subject: oneLine(email.subject ?? '', MAIL_LIMITS.subjectCharacters),
    automatic,
    bounce: automatic === 'bounce' ? bounceIn(email.attachments) : null,
    attachments: email.attachments.map(presented),
    hops: headers.count('received'),
    loopMark: loopMarkIn(headers),
    problem,
    ...textOfMail(email.text, email.html),
  };
}

/** By From, of several the first; where there is none that can be written to, by whoever sent it. */
function senderOf({ from, sender, replyTo, returnPath }: Email): Mailbox | null {
  const all = [from, sender, ...(replyTo ?? [])].flatMap((address) => address ?? []);
  return mailboxesOf(all)[0] ?? mailboxOf({ address: returnPath, name: '' });
}

function followsOf(headers: MailHeaders): readonly string[] {
  const references = [...messageIdsIn(headers.first('references'))].reverse();
  return [...new Set([...references, ...messageIdsIn(headers.first('in-reply-to'))])].slice(0, MAIL_LIMITS.references);
}

function deliveredTo({ headers }: Email): readonly string[] {
  const names = ['delivered-to', 'x-original-to', 'x-forwarded-to', 'envelope-to'];
  const values = headers.filter(({ key }) => names.includes(key)).flatMap(({ value }) => value.split(','));
  const addresses = values.flatMap((value) => mailboxOf({ address: value.replace(/[<>\s]/g, ''), name: '' }) ?? []);
  return [...new Set(addresses.map(({ address }) => address))].slice(0, MAIL_LIMITS.addresses);
}

function bounceIn(attachments: readonly Attachment[]): BounceReport | null {
  const part = (...types: string[]) => attachments.find(({ mimeType }) => types.includes(mimeType));
  const status = part('message/delivery-status', 'message/global-delivery-status');
  const original = part('message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers');
  return status ? readBounce(wordsOf(status), original ? wordsOf(original) : null) : null;
}

function wordsOf(attachment: Attachment): string {
  return Buffer.from(bytesOf(attachment)).toString('utf8', 0, MAIL_LIMITS.headerBytes);
}

function presented(attachment: Attachment): MailAttachment {
  const { filename, contentId } = attachment;
  const mimeType = MIME_TYPE.test(attachment.mimeType) ? attachment.mimeType : 'application/octet-stream';
  const name = attachmentName(filename, mimeType);
  const id = cut(contentId?.replace(/^\s*<|>\s*$/g, '') ?? '', MAIL_LIMITS.messageIdCharacters);
  return { name, mimeType, contentId: id === '' ? null : id, bytes: bytesOf(attachment) };
}

function loopMarkIn(headers: MailHeaders): string | null {
  const mark = headers.first(LOOP_HEADER.toLowerCase());
  return mark === null ? null : oneLine(mark, LOOP_MARK_CHARACTERS);
}
