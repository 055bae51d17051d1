import { MAX_CHUNKS } from '../cut-text.js';
import { readPlain } from './read-plain.js';
import type { ReadText, ToRead } from './readable.js';
import { countAnew } from './thread-limits.js';
import { NO_TEXT, TOO_LARGE, Unreadable } from './unreadable.js';

/** Characters; more would be cut into more chunks than there may be. */
const MAX_TEXT = MAX_CHUNKS * 2_800;

/** @throws Unreadable, or whatever a library makes of a file that is broken */
export async function readDocument(what: ToRead): Promise<ReadText> {
  countAnew();
  const read = await readByKind(what);
  const text = tidy(read.text);
  if (!/[\p{L}\p{N}]/u.test(text)) {
    throw new Unreadable(NO_TEXT);
  }
  if (text.length > MAX_TEXT) {
    throw new Unreadable(TOO_LARGE);
  }
  return { ...read, text };
}

/** A library is loaded for the first document that needs it: what is plain waits for none. */
async function readByKind(what: ToRead): Promise<ReadText> {
  switch (what.kind) {
    case 'pdf':
      return plain(await (await import('./read-pdf.js')).readPdf(what.bytes));
    case 'docx':
      return plain(await (await import('./read-docx.js')).readDocx(what.bytes));
    case 'plain':
      return plain(readPlain(what.bytes));
    case 'page':
      return (await import('./read-page.js')).readPage(what);
  }
}

function plain(text: string): ReadText {
  return { text, title: null, language: null };
}

/** As PostgreSQL can keep it. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\u0000', '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[ \t\u00a0]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
