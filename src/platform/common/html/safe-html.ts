import sanitizeHtml from 'sanitize-html';

/** Tags within each other; what is deeper loses them. */
export const MAX_HTML_DEPTH = 100;

/** No negative ones: nothing is to be drawn over what stands around it. */
const LENGTH = /^(0|\d{1,4}(\.\d{1,3})?(px|pt|em|rem|ex|%))$/i;
const LENGTHS = /^((0|auto|\d{1,4}(\.\d{1,3})?(px|pt|em|rem|ex|%)) ?){1,4}$/i;
const COLOR = /^(#[\da-f]{3,8}|[a-z]{3,25}|(rgb|hsl)a?\([\d.,%/ ]{1,40}\))$/i;
const WORD = /^[a-z-]{1,25}$/i;
const BORDER = /^[\d.a-z#%,() -]{1,60}$/i;

const BORDERS = ['border', 'border-top', 'border-right', 'border-bottom', 'border-left'];
const SIDES = ['', '-top', '-right', '-bottom', '-left'];
const STYLES: Record<string, RegExp[]> = {
  color: [COLOR],
  'background-color': [COLOR],
  background: [COLOR],
  'font-family': [/^[\w\s,'"-]{1,200}$/],
  'font-size': [LENGTH, WORD],
  'font-weight': [/^\d{3}$/, WORD],
  'line-height': [/^\d{1,2}(\.\d{1,3})?$/, LENGTH, WORD],
  ...each(['font-style', 'text-align', 'text-transform', 'vertical-align', 'white-space'], WORD),
  ...each(['border-collapse', 'list-style-type', 'direction', 'word-break', 'overflow-wrap'], WORD),
  'text-decoration': [/^[a-z -]{1,40}$/i],
  ...each(['width', 'height', 'max-width', 'max-height', 'min-width', 'border-radius', 'border-spacing'], LENGTH),
  ...each([...SIDES.map((side) => `padding${side}`), ...SIDES.map((side) => `margin${side}`)], LENGTHS),
  ...each([...BORDERS, 'border-color', 'border-style', 'border-width'], BORDER),
  display: [/^(block|inline|inline-block|none|table|table-row|table-cell|list-item)$/i],
};

const TABLE = ['align', 'valign', 'width', 'height', 'bgcolor'];
/** What all HTML is held to; images and links are for who uses it. */
export const SAFE_HTML = {
  allowedTags: [
    ...words(
      'address article aside footer header main section center div p pre blockquote h1 h2 h3 h4 h5 h6 hr br wbr',
    ),
    ...words('ul ol li dl dt dd figure figcaption a abbr b bdi bdo big cite code del em font i ins kbd mark q s samp'),
    ...words('small span strike strong sub sup time tt u var img rp rt ruby'),
    ...words('table caption colgroup col thead tbody tfoot tr td th'),
  ],
  // No class, id or name: they would take on the styles and the scripts of the page around.
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'title'],
    a: ['href', 'target', 'rel'],
    img: ['src', 'data-src', 'alt', 'width', 'height'],
    font: ['color', 'face', 'size'],
    table: [...TABLE, 'border', 'cellpadding', 'cellspacing'],
    td: [...TABLE, 'colspan', 'rowspan'],
    th: [...TABLE, 'colspan', 'rowspan'],
    tr: TABLE,
    col: ['span', 'width'],
    colgroup: ['span', 'width'],
    ol: ['start', 'type'],
    ul: ['type'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel', 'cid'],
  allowedSchemesAppliedToAttributes: ['href', 'src', 'data-src', 'cite', 'background'],
  allowProtocolRelative: false,
  allowedStyles: { '*': STYLES },
  nestingLimit: MAX_HTML_DEPTH,
  // What stands within them is not meant to be read.
  nonTextTags: [
    ...words(
      'script style textarea option noscript title head xmp noembed noframes svg math iframe object audio video',
    ),
  ],
} satisfies sanitizeHtml.IOptions;

const ABSOLUTE = /^(https?|mailto|tel):/i;
const REMOTE = /^https?:\/\//i;
const INLINE = /^cid:./i;

/**
 * HTML that runs nothing, loads nothing and looks like no part of the page it is shown in. Images of other servers wait in
 * `data-src` until the reader asks for them, as loading them tells who read it, and when.
 */
export function safeHtml(html: string): string {
  return sanitizeHtml(html, { ...SAFE_HTML, transformTags: { a: safeLink, img: heldBack } });
}

function safeLink(
  tagName: string,
  { href = '', target: _, rel: __, ...rest }: sanitizeHtml.Attributes,
): sanitizeHtml.Tag {
  const to = href.trim();
  // One without a scheme would lead to a page of the server that shows it.
  const link: Record<string, string> = ABSOLUTE.test(to)
    ? { href: to, target: '_blank', rel: 'noopener noreferrer nofollow' }
    : {};
  return { tagName, attribs: { ...rest, ...link } };
}

function heldBack(tagName: string, { src, 'data-src': held, ...rest }: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const source = (src ?? held ?? '').trim();
  const from: Record<string, string> = INLINE.test(source)
    ? { src: source }
    : REMOTE.test(source)
      ? { 'data-src': source }
      : {};
  return { tagName, attribs: { ...rest, ...from } };
}

function words(list: string): string[] {
  return list.split(' ');
}

function each(properties: readonly string[], allowed: RegExp): Record<string, RegExp[]> {
  return Object.fromEntries(properties.map((property) => [property, [allowed]]));
}
