import type { Request, Response } from 'express';
import { isFromUi } from './ui-origin.js';
import { isForFiles } from './upload.js';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
/** Beyond which no signed URL of a file reaches. */
const FILE_METHODS = 'GET, PUT';
const HEADERS = 'authorization, x-public-key, content-type, idempotency-key, x-request-id, x-workspace-id';
/** Layer's SDKs say again what they upload. */
const FILE_HEADERS = `${HEADERS}, upload-content-type, upload-content-length`;
const EXPOSED =
  'X-Request-Id, Idempotent-Replayed, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';
/** Seconds a browser may remember the answer to a preflight. */
const MAX_AGE = '600';

export function isPreflight(request: Request): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.headers.origin !== undefined &&
    request.headers['access-control-request-method'] !== undefined
  );
}

/** Lets the page of users read this answer, whatever it is: a page without a session has to read the 401. */
export function admitUi(request: Request, response: Response): void {
  if (isFromUi(request)) {
    admitOrigin(response, request.headers.origin!);
  }
}

/** A preflight carries no credentials, so any Origin may ask; it learns only what the documentation says anyway. */
export function answerPreflight(request: Request, response: Response): void {
  response
    .writeHead(204, {
      'Access-Control-Allow-Origin': request.headers.origin,
      'Access-Control-Allow-Methods': isForFiles(request) ? FILE_METHODS : METHODS,
      'Access-Control-Allow-Headers': isForFiles(request) ? FILE_HEADERS : HEADERS,
      'Access-Control-Max-Age': MAX_AGE,
      Vary: 'Origin',
    })
    .end();
}

/** Lets the page at `origin` read this answer, unless it may already; call only once the Origin check has passed. */
export function admitOrigin(response: Response, origin: string): void {
  if (response.hasHeader('Access-Control-Allow-Origin')) {
    return;
  }
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', EXPOSED);
  response.setHeader('Vary', 'Origin');
}
