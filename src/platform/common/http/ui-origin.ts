import type { Request } from 'express';
import { forbidden } from '../errors/refusal.js';
import { linkBaseOf } from './base-url.js';

/** The setting of Express that holds `UI_ORIGINS`. */
export const UI_ORIGINS = 'ui origins';

/** Whether the page that asks is one of those where users work: of `UI_ORIGINS`, or of this server itself. */
export function isFromUi(request: Request): boolean {
  const { origin } = request.headers;
  return origin !== undefined && (ownOriginOf(request) === origin || uiOriginsOf(request).includes(origin));
}

/**
 * Programs have no Origin, and may come.
 * @throws Refusal 403 where a page of somebody else asks
 */
export function checkUiOrigin(request: Request): void {
  if (request.headers.origin !== undefined && !isFromUi(request)) {
    throw forbidden('Origin not allowed');
  }
}

function ownOriginOf(request: Request): string | null {
  const base = linkBaseOf(request);
  return base === '' ? null : new URL(base).origin;
}

function uiOriginsOf({ app }: Request): readonly string[] {
  return (app.get(UI_ORIGINS) as readonly string[] | undefined) ?? [];
}
