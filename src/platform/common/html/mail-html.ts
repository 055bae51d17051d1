import sanitizeHtml from 'sanitize-html';
import { SAFE_HTML } from './safe-html.js';

/** What becomes of the attributes of a tag. */
export type ReadAttributes = (tag: string, attributes: Readonly<Record<string, string>>) => Record<string, string>;

const { allowedAttributes, allowedTags, nonTextTags } = SAFE_HTML;

/**
 * HTML of a mail that goes out. As safe as what is shown here, but a page of its own: it keeps its styles, and loads its images.
 * @param read of each tag that stays; what is not allowed goes all the same
 */
export function mailHtml(html: string, read: ReadAttributes): string {
  return sanitizeHtml(html, {
    ...SAFE_HTML,
    allowedTags: [...allowedTags, 'style'],
    // No script is near it, and nothing else of a mail is read by anybody but its recipient.
    allowVulnerableTags: true,
    // Styles stand in the head.
    nonTextTags: nonTextTags.filter((tag) => tag !== 'style' && tag !== 'head'),
    allowedAttributes: { ...allowedAttributes, '*': [...allowedAttributes['*'], 'class', 'id'] },
    transformTags: {
      '*': (tag, attributes) => ({ tagName: tag === 'body' ? 'div' : tag, attribs: read(tag, attributes) }),
    },
  });
}
