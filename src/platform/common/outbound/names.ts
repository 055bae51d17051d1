import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** All the addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

/** What a DNS server has to answer in; then it is asked once more, with twice the patience. */
const TIMEOUT_MS = 1_500;
const MAX_TRIES = 2;
/** However many servers there are. */
const DEADLINE_MS = 5_000;
const HOSTS_FILE = '/etc/hosts';
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Asks DNS servers: those of the system, or `servers`. Not by the system's own look-up: that holds one of the four
 * threads of the process until it ends, and can't be called off, so that four names whose servers are silent hold up
 * everybody. Names are taken as they are, fully qualified: search domains are not tried. The file of hosts counts, as
 * it was when the process first asked.
 */
export function askDns(servers: readonly string[] | undefined): Resolve {
  return async (host) => {
    const name = host.toLowerCase().replace(/\.$/, '');
    const known = isIP(name) === 0 ? knownHere(name) : [name];
    if (known) {
      return known.map(addressOf);
    }
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: MAX_TRIES });
    if (servers) {
      resolver.setServers(servers);
    }
    const deadline = setTimeout(() => resolver.cancel(), DEADLINE_MS);
    try {
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      const [first] = answers;
      if (addresses.length === 0 && first.status === 'rejected') {
        throw first.reason;
      }
      return addresses.map(addressOf);
    } finally {
      clearTimeout(deadline);
    }
  };
}

const addressOf = (address: string): Address => ({ address, family: isIP(address) });

let hosts: ReadonlyMap<string, readonly string[]> | undefined;

function knownHere(name: string): readonly string[] | undefined {
  hosts ??= readHosts();
  return hosts.get(name) ?? (/(^|\.)localhost$/.test(name) ? LOOPBACK : undefined);
}

/** None where there is no such file. */
function readHosts(): ReadonlyMap<string, readonly string[]> {
  try {
    return hostsIn(readFileSync(HOSTS_FILE, 'utf8'));
  } catch {
    return new Map();
  }
}

/** Names in small letters, each with its addresses. */
export function hostsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) !== 0) {
      names.forEach((name) => found.set(name.toLowerCase(), [...(found.get(name.toLowerCase()) ?? []), address]));
    }
  }
  return found;
}
