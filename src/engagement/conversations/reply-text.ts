import { invalid } from '../../platform/common/errors/refusal.js';
import { safeHtml } from '../../platform/common/html/safe-html.js';
import { textOfHtml } from '../../platform/common/html/text-of-html.js';

export const MAX_REPLY = 16_000;
/** Of the HTML of one. */
export const MAX_REPLY_HTML = 256 * 1024;

/**
 * What is said in a message of text: that of the HTML where it holds a tag, else all of it as it is.
 * @param field what it was given as
 * @throws Refusal 422
 */
export function replyTextIn(field: string, said: string): string {
  const text = holdsTag(said) ? textOfHtml(safeHtml(said)) : said;
  if (text === '') {
    throw invalid(field, `The ${field} field is required.`);
  }
  if (text.length > MAX_REPLY && [...text].length > MAX_REPLY) {
    throw invalid(field, `The ${field} field must not be greater than ${MAX_REPLY} characters.`);
  }
  return text;
}

/** How an e-mail shows it, safe to show; null where it holds no tag. */
export function replyHtmlIn(said: string | null | undefined): string | null {
  return said != null && holdsTag(said) ? safeHtml(said) : null;
}

/** Whether a browser would see more in it than text. In two steps: one pattern would look at the rest again and again. */
export function holdsTag(said: string): boolean {
  const begin = said.search(/<[a-z/!?]/i);
  return begin >= 0 && said.indexOf('>', begin) >= 0;
}
