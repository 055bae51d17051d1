import type { MailHeaders } from './mail-headers.js';

/**
 * Who wrote it: a person (`none`), or a program: `replied` to something, `generated` it, a `list` passed it on, or it is a
 * `bounce`. To none of those but the first is anything answered automatically (RFC 3834).
 */
export type Automatic = 'none' | 'replied' | 'generated' | 'list' | 'bounce';

export interface Envelope {
  /** Whom a mail server would tell that it was not delivered; empty: nobody, null: unknown. */
  readonly returnPath: string | null;
  readonly from: string | null;
  readonly contentType: string;
}

const PROGRAMS = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?reply)([+.-].*)?@/i;
const REPORT = /^multipart\/report\b.*\breport-type\s*=\s*"?(delivery-status|disposition-notification)/is;

export function automaticKind(headers: MailHeaders, { returnPath, from, contentType }: Envelope): Automatic {
  const report = REPORT.exec(contentType)?.[1]?.toLowerCase();
  if (report === 'delivery-status') {
    return 'bounce';
  }
  const submitted = word(headers.first('auto-submitted'));
  if (submitted === 'auto-replied' || report !== undefined || isAnswered(headers)) {
    return 'replied';
  }
  if (headers.has('list-id') || headers.has('list-post')) {
    return 'list';
  }
  const precedence = word(headers.first('precedence'));
  if (precedence === 'list') {
    return 'list';
  }
  const isGenerated =
    (submitted !== '' && submitted !== 'no') ||
    ['bulk', 'junk', 'auto_reply'].includes(precedence) ||
    headers.has('x-auto-response-suppress') ||
    returnPath === '' ||
    PROGRAMS.test(from ?? '');
  return isGenerated ? 'generated' : 'none';
}

/** As those say who came before RFC 3834, and still do. */
function isAnswered(headers: MailHeaders): boolean {
  const autoReply = word(headers.first('x-autoreply'));
  return (
    (autoReply !== '' && autoReply !== 'no') ||
    headers.has('x-autorespond') ||
    headers.has('x-autoresponder') ||
    word(headers.first('precedence')) === 'auto_reply'
  );
}

/** A header's first word: parameters and comments may follow. */
function word(value: string | null): string {
  return (value ?? '').toLowerCase().split(/[\s;(]/, 1)[0]!;
}
