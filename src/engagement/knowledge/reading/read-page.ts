import * as readability from '@mozilla/readability';
import * as linkedom from 'linkedom';
import { textOfHtml } from '../../../platform/common/html/text-of-html.js';
import type { ReadText, ToRead } from './readable.js';

/** As much of them as is used: their types are those of browsers. */
interface Page {
  readonly title?: string;
  readonly documentElement?: { getAttribute(name: string): string | null } | null;
}
interface Article {
  readonly title?: string | null;
  readonly content?: string | null;
}
const { parseHTML } = linkedom as unknown as { readonly parseHTML: (html: string) => { readonly document: Page } };
const { Readability } = readability as unknown as {
  readonly Readability: new (page: Page, options: object) => { parse(): Article | null };
};
const MAX_ELEMENTS = 100_000;
const MAX_TITLE = 500;
const META_CHARSET = /<meta[^>]{1,300}?charset\s*=\s*["']?([\w:.-]{1,40})/i;
const LANGUAGE = /^[a-zA-Z]{2,3}(-[a-zA-Z\d]{2,8}){0,3}$/;
const HEAD_CHARACTERS = 4_096;

/** What somebody would read on a page: without menus, banners and scripts, none of which runs. */
export function readPage({ bytes, charset }: ToRead): ReadText {
  const html = decode(bytes, charset ?? null);
  if (!/<[a-z!]/i.test(html)) {
    return { text: html, title: null, language: null };
  }
  const { document } = parseHTML(html);
  const title = oneLine(document.title ?? '');
  const language = document.documentElement?.getAttribute('lang')?.trim() ?? '';
  const article = new Readability(document, { maxElemsToParse: MAX_ELEMENTS, charThreshold: 0 }).parse();
  const named = oneLine(article?.title ?? '');
  return {
    text: textOfHtml(article?.content ?? html),
    title: named === '' ? (title === '' ? null : title) : named,
    language: LANGUAGE.test(language) ? language : null,
  };
}

/** By its mark of the byte order, else as its server says, else as it says itself. */
function decode(bytes: Uint8Array, said: string | null): string {
  const head = Buffer.from(bytes.subarray(0, HEAD_CHARACTERS)).toString('latin1');
  for (const label of [markIn(bytes), said, META_CHARSET.exec(head)?.[1]]) {
    try {
      if (label) {
        return new TextDecoder(label).decode(bytes);
      }
    } catch {
      // Nobody knows such a character set.
    }
  }
  return new TextDecoder().decode(bytes);
}

function markIn([first, second]: Uint8Array): string | null {
  return first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function oneLine(text: string): string {
  return [...text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()].slice(0, MAX_TITLE).join('').toWellFormed();
}
