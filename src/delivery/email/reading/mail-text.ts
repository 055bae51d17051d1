import { safeHtml } from '../../../platform/common/html/safe-html.js';
import { textOfHtml } from '../../../platform/common/html/text-of-html.js';
import { MAIL_LIMITS } from './mail-limits.js';
import { cut, wellFormed } from './well-formed.js';

export interface MailText {
  /** The beginning of it, as a message holds it. */
  readonly content: string;
  readonly text: string;
  /** Safe to show; null where it has none, or more than is kept: half of one may mean something else. */
  readonly html: string | null;
}

export function textOfMail(saidText: string | undefined, saidHtml = ''): MailText {
  const html = safeHtml(wellFormed(cut(saidHtml, MAIL_LIMITS.readHtmlCharacters)));
  const isWhole = saidHtml.length <= MAIL_LIMITS.readHtmlCharacters && html.length <= MAIL_LIMITS.htmlCharacters;
  const said = tidy(saidText ?? '');
  // Some programs send a text part that is empty.
  const text = cut(said === '' ? textOfHtml(html) : said, MAIL_LIMITS.textCharacters);
  return {
    content: cut(text, MAIL_LIMITS.contentCharacters),
    text,
    html: isWhole && html.trim() !== '' ? html : null,
  };
}

function tidy(text: string): string {
  return wellFormed(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t\u00a0]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim();
}
