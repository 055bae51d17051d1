import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { MAIL_LIMITS } from './mail-limits.js';

/** Why a mail is not shown as its sender meant it. */
export type MailProblem = 'too_many_parts' | 'too_deep' | 'headers_too_large' | 'too_heavy' | 'unreadable';

export interface ParsedMail {
  readonly email: Email;
  /** Null: it was read whole. Else `email` has no more than its headers. */
  readonly problem: MailProblem | null;
}

const OPTIONS = {
  maxNestingDepth: MAIL_LIMITS.depth,
  maxHeadersSize: MAIL_LIMITS.headerBytes,
  // A mail within a mail is a file that comes with it: what it says is not what this sender says.
  forceRfc822Attachments: true,
} as const;

export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  if (countBoundaries(raw) > MAIL_LIMITS.parts) {
    return { email: await onlyHeaders(raw), problem: 'too_many_parts' };
  }
  try {
    return { email: await PostalMime.parse(raw, OPTIONS), problem: null };
  } catch (error) {
    return { email: await onlyHeaders(raw), problem: problemIn(error) };
  }
}

/** The bytes of a file that came with it. */
export function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content as ArrayBuffer);
}

/** The library says it in words only. */
function problemIn(error: unknown): MailProblem {
  const words = error instanceof Error ? error.message : '';
  return /nesting depth/i.test(words) ? 'too_deep' : /header/i.test(words) ? 'headers_too_large' : 'unreadable';
}

/** As much of the headers as is read, and no body. */
export async function onlyHeaders(raw: Uint8Array): Promise<Email> {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, MAIL_LIMITS.headerBytes)).toString(
    'latin1',
  );
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.lastIndexOf('\n');
  const lines = text.slice(0, Math.max(end, 0)).split(/\r?\n(?![ \t])/);
  // What says how the body is to be read would be missed in vain.
  const headers = lines.filter((line) => !/^content-/i.test(line)).join('\r\n');
  return PostalMime.parse(Buffer.from(`${headers}\r\n\r\n`, 'latin1'), { maxHeadersSize: 2 * MAIL_LIMITS.headerBytes });
}

const BOUNDARY = /\bboundary\s*(?:\*0?\*?)?=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi;
const DELIMITER = /^--[^\r\n]{1,250}/gm;

/** How many parts begin in it, those of mails within it too: lines that one of its boundaries opens. */
function countBoundaries(raw: Uint8Array): number {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
  const boundaries = new Set<string>();
  for (const [, quoted, bare] of text.matchAll(BOUNDARY)) {
    boundaries.add(`--${quoted ?? bare}`);
    if (boundaries.size > MAIL_LIMITS.parts) {
      return boundaries.size;
    }
  }
  let count = 0;
  for (const [line] of text.matchAll(DELIMITER)) {
    count += boundaries.has(line.trimEnd()) ? 1 : 0;
    if (count > MAIL_LIMITS.parts) {
      break;
    }
  }
  return count;
}
