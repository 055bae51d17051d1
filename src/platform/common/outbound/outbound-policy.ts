import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { InvalidInput } from '../errors/refusal.js';
import { mustBeOutsideTransactions } from '../outside-transactions.js';
import type { Tenant } from '../tenancy/tenant.js';
import type { Address, Resolve } from './names.js';

/** What an address may be besides https on public addresses. */
export interface DestinationRules {
  readonly http: boolean;
  readonly loopback: boolean;
  /** Whether any address may be asked: for what the operator of this installation chose, and nobody else. */
  readonly inside?: boolean;
}

/** Milliseconds that a name has to resolve in while its URL is being set. */
const LOOKUP_TIMEOUT_MS = 2_000;
/**
 * Names of one client that are being looked up while its URLs are set: however many it sets, it can't have more asked
 * for.
 */
const MAX_LOOKUPS_PER_CLIENT = 10;
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Where requests may go that others chose the address of. Whoever sets one up must not reach through us what only we
 * can reach.
 */
export class OutboundPolicy {
  /** How many names are being looked up for each client that has any. */
  private readonly lookups = new Map<string, number>();

  constructor(
    private readonly production: boolean,
    readonly resolve: Resolve,
  ) {}

  rulesFor({ livemode }: Tenant): DestinationRules {
    return { http: !livemode, loopback: !livemode && !this.production };
  }

  /**
   * A name that does not resolve now is accepted: what counts is the address that is dialled, and that is checked
   * there.
   * @throws InvalidInput on `field`
   */
  async check(tenant: Tenant, text: string, field = 'url'): Promise<void> {
    mustBeOutsideTransactions();
    const rules = this.rulesFor(tenant);
    const problem = problemOf(text, rules) ?? (await this.problemOfName(tenant, new URL(text), rules));
    if (problem !== null) {
      throw new InvalidInput({ [field]: [`The ${field} field ${problem}`] });
    }
  }

  private async problemOfName({ clientId }: Tenant, url: URL, rules: DestinationRules): Promise<string | null> {
    const none: readonly Address[] = [];
    if ((this.lookups.get(clientId) ?? 0) >= MAX_LOOKUPS_PER_CLIENT) {
      return null;
    }
    this.count(clientId, 1);
    const resolved = this.resolve(hostOf(url))
      .catch(() => none)
      .finally(() => this.count(clientId, -1));
    const addresses = await Promise.race([resolved, sleep(LOOKUP_TIMEOUT_MS, none, { ref: false })]);
    return addresses.every(({ address }) => admits(rules, address)) ? null : NOT_PUBLIC;
  }

  private count(clientId: string, more: number): void {
    const count = (this.lookups.get(clientId) ?? 0) + more;
    if (count > 0) {
      this.lookups.set(clientId, count);
    } else {
      this.lookups.delete(clientId);
    }
  }
}

const NOT_PUBLIC = 'must lead to a public address.';

/** What is wrong with a URL, as far as can be said without asking for its name; null where nothing is. */
export function problemOf(text: string, rules: DestinationRules): string | null {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) {
    return 'must be a URL such as https://example.com/webhooks.';
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'must not contain a user name or a password.';
  }
  if (url.protocol === 'http:' && !rules.http) {
    return 'must begin with https://.';
  }
  const host = hostOf(url);
  if (/^(.+\.)?localhost\.?$/.test(host)) {
    return rules.loopback ? null : NOT_PUBLIC;
  }
  return isIP(host) === 0 || admits(rules, host) ? null : NOT_PUBLIC;
}

/**
 * The host to look up or to dial. URL has already brought `0x7f.1`, `2130706433` and their like to four decimal
 * numbers.
 */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether an address is a public one. An IPv6 address that carries an IPv4 one in any form is never. */
export function admits({ loopback, inside }: DestinationRules, address: string): boolean {
  if (isIP(address) === 0 || inside) {
    return isIP(address) !== 0;
  }
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') {
    return loopback;
  }
  return range === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST));
}
