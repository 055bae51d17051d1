import { domainToASCII } from 'node:url';

/** scheme://host[:port] and nothing more: no path, no user, no back-slash that a parser would read as a path. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/([^/\\?#@\s,]+)$/i;

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
  const address = `http://${authority}`;
  return URL.canParse(address) && /^[\x21-\x7e]+$/.test(authority) ? new URL(address).hostname : null;
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

/** How a domain is stored: lower-case ASCII (IDN as punycode), or null where it is no host name. */
export function normaliseDomain(domain: string): string | null {
  const ascii = domainToASCII(domain.trim()).toLowerCase();
  return ascii.length <= 253 && /^([a-z\d]([a-z\d-]*[a-z\d])?\.)*[a-z\d]([a-z\d-]*[a-z\d])?$/.test(ascii)
    ? ascii
    : null;
}
