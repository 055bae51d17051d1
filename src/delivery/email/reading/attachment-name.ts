import { MAIL_LIMITS } from './mail-limits.js';
import { cut, oneLine } from './well-formed.js';

/** What file systems give a meaning of its own. */
const RESERVED = /[<>:"|?*]/g;
const LONGEST = 10_000;

/** The name that a file came with, without path, and without what hides or turns round its ending. Empty: it has none. */
export function attachmentName(said: string | null, mimeType: string): string {
  const base =
    oneLine(said ?? '', LONGEST)
      .split(/[/\\]/)
      .at(-1) ?? '';
  const name = base.replace(RESERVED, '_').replace(/^[. ]+|[. ]+$/g, '');
  return name === '' ? nameless(mimeType) : shortened(name);
}

function nameless(mimeType: string): string {
  const known: Readonly<Record<string, string>> = {
    'message/rfc822': 'mail.eml',
    'message/delivery-status': 'delivery-status.txt',
    'message/disposition-notification': 'disposition-notification.txt',
    'text/rfc822-headers': 'headers.txt',
    'text/calendar': 'invite.ics',
    'application/ms-tnef': 'winmail.dat',
  };
  return known[mimeType] ?? 'attachment';
}

/** Its ending tells what it is, so that stays. */
function shortened(name: string): string {
  const max = MAIL_LIMITS.attachmentNameCharacters;
  if (name.length <= max) {
    return name;
  }
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? '';
  return cut(name, max - ending.length) + ending;
}
