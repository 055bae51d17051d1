import type { Request } from 'express';
import { authorizationOf } from '../http/one-header.js';

/** The token of the one `Authorization: Bearer` header. */
export function bearerOf(request: Request): string | null {
  return /^Bearer ([\x21-\x7e]+)$/i.exec(authorizationOf(request) ?? '')?.[1] ?? null;
}
