import type { Request } from 'express';
import { Refusal, unauthorized } from '../errors/refusal.js';
import { admitOrigin } from '../http/cors.js';
import { admits, hostOf, hostOfOrigin, type OriginPolicy, type Site } from './origin.js';

/** The body's text is the contract's; what to do about it stands in the `WWW-Authenticate` header. */
const ADVICE =
  "Send an Origin header with the client's domain, as https://example.com; for a server that has none, the operator sets the client's origin_policy to if_present";

/**
 * Lets a browser's page in by its Origin; where there is none, the Host that was asked for stands in, unless none is needed.
 * @throws Refusal 401
 */
export function checkOrigin(request: Request, site: Site, policy: OriginPolicy): void {
  const { origin, host } = request.headers;
  if (origin === undefined) {
    if (policy === 'required' && !admitsHost(site, host)) {
      throw new Refusal('unauthorized', 'Unauthorized - Missing Origin header', { advice: ADVICE });
    }
    return;
  }
  const page = hostOfOrigin(origin);
  if (page === null || !admits(site, page)) {
    throw unauthorized('Invalid origin domain');
  }
  admitOrigin(request.res!, origin);
}

function admitsHost(site: Site, host = ''): boolean {
  const asked = hostOf(host);
  return asked !== null && admits(site, asked);
}
