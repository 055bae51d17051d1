/** As much as a reply of the inbox may have. */
const MAX_REPLY = 16_000;
const MAX_PASSES = 5;

const COMMENT = /<!--[^]*?-->/g;
const TAG = /<[/!?]?[a-z][^<>]*>/gi;
const MARKDOWN_IMAGE = /!\[[^\]\n]{0,500}\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,100}\])/g;
const MARKDOWN_LINK = /\[([^\]\n]{0,500})\]\(\s*([^)\s]{1,2000})[^)\n]{0,200}\)/g;
/** With a scheme, with `www.`, or a name with a path: whatever somebody's program may make a link of. */
const LINK =
  /\b(?:[a-z][a-z\d+.-]{1,20}:\/\/|www\.)[^\s<>()"'\]]+|\b(?:javascript|data|vbscript|file):[^\s<>()"']+|(?<![@\w.-])(?:[a-z\d-]{1,63}\.){1,5}[a-z]{2,24}\/[^\s<>()"'\]]*/gi;

/** What a reply may link to. */
export interface AllowedLinks {
  /** Of the workspace, with what is below it; null: none. */
  readonly domain: string | null;
  /** These, and nothing else of where they lead. */
  readonly urls: readonly string[];
}

/** What a model wrote, as plain text: no HTML, no images, no links but those that are allowed. Empty where nothing is left. */
export function cleanReply(text: string, allowed: AllowedLinks): string {
  const known = new Set(allowed.urls.map(normal));
  const keep = (link: string): boolean => isAllowed(link, allowed.domain, known);
  const withoutLinks = text
    .slice(0, MAX_REPLY)
    .replaceAll('\0', '')
    .replace(MARKDOWN_IMAGE, '')
    .replace(MARKDOWN_LINK, (_, label: string, url: string) => (keep(url) ? `${label} ${url}` : label))
    .replace(LINK, (found) => {
      const [, link = found, end = ''] = /^(.*?)([.,;:!?]*)$/s.exec(found) ?? [];
      return keep(link) ? found : end;
    });
  return withoutTags(withoutLinks)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\(\s*\)/g, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A tag may be made of what is left around another. */
function withoutTags(text: string): string {
  let [was, is] = ['', text];
  for (let pass = 0; was !== is && pass < MAX_PASSES; pass += 1) {
    [was, is] = [is, is.replace(COMMENT, '').replace(TAG, '')];
  }
  // One that is not closed, or was made to last longer than this.
  return is.replace(/<(?=[/!?a-z])/gi, '');
}

/** The links in a text, as somebody would click them. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(LINK)].map(([link]) => link.replace(/[.,;:!?]+$/, ''));
}

function isAllowed(link: string, domain: string | null, known: ReadonlySet<string>): boolean {
  const text = withScheme(link);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return false;
  }
  const isOwn = domain !== null && (url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  return isOwn || known.has(normal(link));
}

function withScheme(link: string): string {
  return /^[a-z][a-z\d+.-]*:/i.test(link) ? link : `https://${link}`;
}

function normal(link: string): string {
  const text = withScheme(link);
  return URL.canParse(text) ? new URL(text).href.replace(/\/$/, '') : text;
}
