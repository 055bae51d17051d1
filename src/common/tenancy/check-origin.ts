import type { Request } from 'express';
import { unauthorized } from '../errors/refusal.js';
import { admitOrigin } from '../http/cors.js';
import { admits, hostOf, hostOfOrigin, type Site } from './origin.js';

/**
 * Lets a browser's page in by its Origin; where there is none, the Host that was asked for stands in.
 * @throws Refusal 401
 */
export function checkOrigin(request: Request, site: Site): void {
  const { origin, host } = request.headers;
  if (origin === undefined) {
    const asked = hostOf(host ?? '');
    if (asked === null || !admits(site, asked)) {
      throw unauthorized('Missing Origin header');
    }
    return;
  }
  const page = hostOfOrigin(origin);
  if (page === null || !admits(site, page)) {
    throw unauthorized('Invalid origin domain');
  }
  admitOrigin(request.res!, origin);
}
