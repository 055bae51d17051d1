import type { NextFunction, Request, Response } from 'express';
import { Refusal } from '../errors/refusal.js';
import { answerPreflight, isPreflight } from './cors.js';
import { namesOneHost } from './one-header.js';
import { isUpload } from './upload.js';
import { readJson } from './json-body.js';
import { requestIdFrom } from './request-id.js';

/** Node shows only the first thousand-odd headers and drops the rest, among them perhaps a proxy's own: refuse long before. */
const MAX_HEADERS = 100;

/** The first step of every request: name it, and set what every answer carries. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  request.id = requestIdFrom(request.headers['x-request-id']);
  response.setHeader('X-Request-Id', request.id);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  if (request.rawHeaders.length / 2 > MAX_HEADERS) {
    next(new Refusal('headers_too_large', `More than ${MAX_HEADERS} request headers`));
  } else if (!namesOneHost(request)) {
    // Whose request this is can't be told, so neither can that of what follows on the same connection.
    response.setHeader('Connection', 'close');
    const problem = request.headers.host === undefined ? 'Missing Host header' : 'More than one Host header';
    next(new Refusal('malformed', problem));
  } else {
    next();
  }
}

/** The step before it is routed: read its body. */
export function parseBody(request: Request, response: Response, next: NextFunction): void {
  if (isPreflight(request)) {
    answerPreflight(request, response);
  } else if (request.method === 'GET' || request.method === 'HEAD' || isUpload(request)) {
    next();
  } else {
    const { readBody = readJson } = request;
    readBody(request).then((body) => {
      request.body = body;
      next();
    }, next);
  }
}

/** A process that runs jobs is asked how it is and of which release, and nothing else. */
export function onlyHealth({ path }: Request, _: Response, next: NextFunction): void {
  if (path.startsWith('/health/') || path === '/version') {
    next();
  } else {
    next(new Refusal('not_found', 'This process runs jobs and answers no requests'));
  }
}
