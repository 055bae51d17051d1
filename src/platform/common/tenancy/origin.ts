import { domainToASCII } from 'node:url';

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/(.+)$/i;
/** host[:port] and nothing more: no path, no user, and no back-slash or escape that a parser would read as something else. */
const AUTHORITY = /^[a-z\d.:[\]_-]+$/i;

/** RFC 1035. */
const MAX_DOMAIN = 253;
const PLAIN = /^([a-z][a-z\d.-]*)(?::\d{1,4})?$/;

/** Whether whoever holds a secret key must come from one of the client's pages, or may have no Origin at all. */
export const ORIGIN_POLICIES = ['required', 'if_present'] as const;
export type OriginPolicy = (typeof ORIGIN_POLICIES)[number];

export interface Site {
  readonly domain: string;
  /** Labels such as "api"; "*" admits every sub-domain. */
  readonly allowedSubdomains: readonly string[];
}

/** The host that an `Origin` names, lower-case and in ASCII; null where it names none, as "null" does. */
export function hostOfOrigin(origin: string): string | null {
  const match = ORIGIN.exec(origin);
  return match ? hostOf(match[1]!) : null;
}

/** The host name of `host` or `host:port`, lower-case and in ASCII; null where it is none. */
export function hostOf(authority: string): string | null {
  // Nearly every request's; a parser would only say the same, slower.
  const plain = PLAIN.exec(authority);
  if (plain) {
    return plain[1]!;
  }
  const address = `http://${authority}`;
  return AUTHORITY.test(authority) && URL.canParse(address) ? new URL(address).hostname : null;
}

/** Compares whole labels: neither `evil-example.com` nor `example.com.evil.com` is `example.com`. */
export function admits(site: Site, host: string): boolean {
  if (host === site.domain) {
    return true;
  }
  const suffix = `.${site.domain}`;
  if (!host.endsWith(suffix)) {
    return false;
  }
  const label = host.slice(0, -suffix.length);
  return site.allowedSubdomains.includes('*') || site.allowedSubdomains.includes(label);
}

/** Programs have no Origin, and may come: whoever asks so has something better to show. */
export function admitsOrigin(site: Site, origin: string | undefined): boolean {
  if (origin === undefined) {
    return true;
  }
  const page = hostOfOrigin(origin);
  return page !== null && admits(site, page);
}

/** How a domain is stored: lower-case ASCII (IDN as punycode), or null where it is no host name. */
export function normaliseDomain(domain: string): string | null {
  // domainToASCII() reads as a URL's host would be read: it decodes escapes, and stops at a path. Of a long text it takes
  // seconds.
  if (domain.length > MAX_DOMAIN || /[/\\?#@:%]/.test(domain)) {
    return null;
  }
  const ascii = domainToASCII(domain.trim()).toLowerCase();
  return ascii.length <= MAX_DOMAIN && /^([a-z\d]([a-z\d-]*[a-z\d])?\.)*[a-z\d]([a-z\d-]*[a-z\d])?$/.test(ascii)
    ? ascii
    : null;
}
