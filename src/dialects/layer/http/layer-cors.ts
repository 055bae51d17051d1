import type { Request, Response } from 'express';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = [
  ...['accept', 'authorization', 'content-type', 'x-http-method-override', 'x-request-id'],
  ...['layer-xdk-version', 'client-id', 'upload-content-type', 'upload-content-length', 'upload-origin'],
].join(', ');
const EXPOSED =
  'Layer-Count, Link, Location, X-Request-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';
/** Seconds a browser may remember the answer to a preflight. */
const MAX_AGE = '600';

/**
 * Lets the page at `origin` read this answer, whatever it is: a page without a session has to read the 401 that tells it
 * how to get one. The SDKs ask with credentials, so the Origin is named. That gives nothing away: there are no cookies
 * here, and a session is admitted from its client's own pages only.
 */
export function admitLayerOrigin(response: Response, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', EXPOSED);
  response.setHeader('Vary', 'Origin');
}

export function answerLayerPreflight(request: Request, response: Response): void {
  admitLayerOrigin(response, request.headers.origin!);
  response
    .writeHead(204, {
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Allow-Headers': HEADERS,
      'Access-Control-Max-Age': MAX_AGE,
    })
    .end();
}
