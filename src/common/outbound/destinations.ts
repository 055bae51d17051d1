import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { InvalidInput } from '../errors/refusal.js';
import { mustBeOutsideTransactions } from '../outside-transactions.js';
import type { Tenant } from '../tenancy/tenant.js';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** All the addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;
const askTheSystem: Resolve = (host) => lookup(host, { all: true });

/** What an address may be besides https on public addresses. */
export interface Allowance {
  readonly http: boolean;
  readonly loopback: boolean;
}

/** Milliseconds that a name has to resolve in while its URL is being set. */
const PATIENCE = 2_000;
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Where requests may go that others chose the address of. Whoever sets one up must not reach through us what only we can reach. */
export class Destinations {
  constructor(
    private readonly production: boolean,
    readonly resolve: Resolve = askTheSystem,
  ) {}

  allowanceOf({ livemode }: Tenant): Allowance {
    return { http: !livemode, loopback: !livemode && !this.production };
  }

  /**
   * A name that does not resolve now is accepted: what counts is the address that is dialled, and that is checked there.
   * @throws InvalidInput on `field`
   */
  async check(tenant: Tenant, text: string, field = 'url'): Promise<void> {
    mustBeOutsideTransactions();
    const allowance = this.allowanceOf(tenant);
    const problem = problemOf(text, allowance) ?? (await this.problemOfName(new URL(text), allowance));
    if (problem !== null) {
      throw new InvalidInput({ [field]: [`The ${field} field ${problem}`] });
    }
  }

  private async problemOfName(url: URL, allowance: Allowance): Promise<string | null> {
    const none: readonly Address[] = [];
    const resolved = this.resolve(hostOf(url)).catch(() => none);
    const addresses = await Promise.race([resolved, sleep(PATIENCE, none, { ref: false })]);
    return addresses.every(({ address }) => admits(allowance, address)) ? null : NOT_PUBLIC;
  }
}

const NOT_PUBLIC = 'must lead to a public address.';

/** What is wrong with a URL, as far as can be said without asking for its name; null where nothing is. */
export function problemOf(text: string, allowance: Allowance): string | null {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) {
    return 'must be a URL such as https://example.com/webhooks.';
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'must not contain a user name or a password.';
  }
  if (url.protocol === 'http:' && !allowance.http) {
    return 'must begin with https://.';
  }
  const host = hostOf(url);
  if (/^(.+\.)?localhost\.?$/.test(host)) {
    return allowance.loopback ? null : NOT_PUBLIC;
  }
  return isIP(host) === 0 || admits(allowance, host) ? null : NOT_PUBLIC;
}

/** The host to look up or to dial. URL has already brought `0x7f.1`, `2130706433` and their like to four decimal numbers. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether an address is a public one. An IPv6 address that carries an IPv4 one in any form is never. */
export function admits({ loopback }: Allowance, address: string): boolean {
  if (isIP(address) === 0) {
    return false;
  }
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') {
    return loopback;
  }
  return range === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST));
}
