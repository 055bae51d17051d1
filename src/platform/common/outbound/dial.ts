import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import { guardedLookup } from './guarded-lookup.js';
import type { Resolve } from './names.js';
import { problemOf, type DestinationRules } from './outbound-policy.js';

const TIMEOUT_MS = 10_000;

/** Where something listens that does not speak HTTP. */
interface Destination {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What is wrong with a host, as far as can be said without asking for its name; null where nothing is. */
export function problemOfHost(host: string, rules: DestinationRules): string | null {
  return problemOf(urlOf(host), rules);
}

/** Where a host stands in a URL, as the rules for destinations read it. */
function urlOf(host: string): string {
  return `https://${isIP(host) === 6 ? `[${host}]` : host}/`;
}

/** @throws Error where it leads inside, or nobody is there */
export async function dial(
  { host, port, tls }: Destination,
  rules: DestinationRules,
  resolve: Resolve,
): Promise<Socket> {
  const problem = problemOfHost(host, rules);
  if (problem !== null) {
    throw new Error(`The host ${problem}`);
  }
  const to = { host, port, lookup: guardedLookup(resolve, rules) };
  const socket = tls ? connectByTls({ ...to, ...(isIP(host) === 0 ? { servername: host } : {}) }) : connect(to);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? new Error(`No connection within ${TIMEOUT_MS / 1000} seconds`) : error;
  }
}
