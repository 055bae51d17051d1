import { invalid } from '../../platform/common/errors/refusal.js';
import { safeHtml } from '../../platform/common/html/safe-html.js';
import { textOfHtml } from '../../platform/common/html/text-of-html.js';

export const MAX_REPLY = 16_000;
/** Of the HTML of one. */
export const MAX_REPLY_HTML = 256 * 1024;
/** To clean more takes longer than others should wait. */
const MAX_TAGS = 10_000;

/**
 * What is said in a message of text: that of the HTML where it holds a tag, else all of it as it is.
 * @param field what it was given as
 * @throws Refusal 422
 */
export function replyTextIn(field: string, said: string): string {
  const html = replyHtmlIn(field, said);
  const text = html === null ? said : textOfHtml(html);
  if (text === '') {
    throw invalid(field, `The ${field} field is required.`);
  }
  if (text.length > MAX_REPLY && [...text].length > MAX_REPLY) {
    throw invalid(field, `The ${field} field must not be greater than ${MAX_REPLY} characters.`);
  }
  return text;
}

/**
 * How an e-mail shows it, safe to show; null where it holds no tag.
 * @param field what it was given as
 * @throws Refusal 422
 */
export function replyHtmlIn(field: string, said: string | null | undefined): string | null {
  if (said == null || !holdsTag(said)) {
    return null;
  }
  if ((said.match(/<[a-z]/gi)?.length ?? 0) > MAX_TAGS) {
    throw invalid(field, `The ${field} field must not have more than ${MAX_TAGS} tags.`);
  }
  return safeHtml(said);
}

/** Whether a browser would see more in it than text. In two steps: one pattern would look at the rest again and again. */
export function holdsTag(said: string): boolean {
  const begin = said.search(/<[a-z/!?]/i);
  return begin >= 0 && said.indexOf('>', begin) >= 0;
}
