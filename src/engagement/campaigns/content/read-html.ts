import { mailHtml } from '../../../platform/common/html/mail-html.js';
import { cut } from '../../../delivery/email/reading/well-formed.js';
import { CAMPAIGN_NAMES } from '../../templates/known-names.js';
import { ENCODED, faultIn } from '../../templates/template.js';
import { faultOfLink } from './check-link.js';
import { ContentFault } from './content-fault.js';

export const MAX_LINKS = 500;
const MAX_SHOWN_LINK = 100;
const UNSUBSCRIBE = /^\{\{\s*unsubscribe_url\s*\}\}$/;
/** They lead to no page, so nobody can say who followed them. */
const OF_PROGRAMS = /^(mailto|tel):[^\s{]*$/i;
const REMOTE = /^https?:/i;
/** The begin of a placeholder, but of a condition's. */
const NAMED = /\{\{\s*(?=[^#^/\s])/g;

export interface ReadHtml {
  readonly html: string;
  /** Where they lead, in the order of their numbers. */
  readonly links: readonly string[];
}

/**
 * The HTML of a campaign, safe and with its links numbered (`{{link.1}}`), or encoding what they say where nobody is to be
 * followed. Every attribute is a whole template: so no placeholder, left out, can open what quotes keep closed.
 * @throws ContentFault
 */
export function readHtml(
  html: string,
  { tracksClicks }: { readonly tracksClicks: boolean },
  numbers = new Map<string, number>(),
): ReadHtml {
  let many = 0;
  const linkTo = (href: string): string => {
    if (UNSUBSCRIBE.test(href) || OF_PROGRAMS.test(href)) {
      return href;
    }
    mustLead(href);
    many += 1;
    if (many > MAX_LINKS) {
      throw new ContentFault(`must not have more than ${MAX_LINKS} links.`);
    }
    if (!tracksClicks) {
      return encoding(href);
    }
    const number = numbers.get(href) ?? numbers.size + 1;
    numbers.set(href, number);
    return `{{link.${number}}}`;
  };
  const safe = mailHtml(html, (tag, attributes) => {
    const { href, src, ...rest } = attributes;
    Object.values(attributes).forEach(mustBeWhole);
    return {
      ...rest,
      ...(tag === 'a' && href !== undefined ? { href: linkTo(href.trim()) } : {}),
      ...(tag === 'img' && src !== undefined && REMOTE.test(src.trim()) ? { src: imageOf(src.trim()) } : {}),
    };
  });
  mustNotCross(safe);
  return { html: safe, links: [...numbers.keys()] };
}

function imageOf(src: string): string {
  mustLead(src);
  return encoding(src);
}

function encoding(url: string): string {
  return url.replace(NAMED, `{{${ENCODED}`);
}

function mustLead(url: string): void {
  const says = faultOfLink(url);
  if (says !== null) {
    throw new ContentFault(`${says} ${cut(url, MAX_SHOWN_LINK)}`);
  }
}

function mustBeWhole(attribute: string): void {
  const says = attribute.includes('{{') ? faultIn(attribute, CAMPAIGN_NAMES) : null;
  if (says !== null) {
    throw new ContentFault(`has an attribute that ${says}`);
  }
}

/** A placeholder that begins in one element and ends in another, or is a style's. */
function mustNotCross(html: string): void {
  for (const [, inside] of html.matchAll(/\{\{((?:(?!\}\})[^])*)/g)) {
    if (inside!.includes('<')) {
      throw new ContentFault('has a placeholder that holds HTML.');
    }
  }
  for (let at = html.indexOf('<style'); at >= 0; at = html.indexOf('<style', at + 1)) {
    const end = html.indexOf('</style', at);
    if (html.slice(at, end < 0 ? html.length : end).includes('{{')) {
      throw new ContentFault('has a placeholder in a style.');
    }
  }
}
