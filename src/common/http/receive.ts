import type { NextFunction, Request, Response } from 'express';
import { Refusal } from '../errors/refusal.js';
import { answerPreflight, isPreflight } from './cors.js';
import { isUpload } from './upload.js';
import { readJson } from './json-body.js';
import { requestIdFrom } from './request-id.js';

/** Node shows only the first thousand-odd headers and drops the rest, among them perhaps a proxy's own: refuse long before. */
const MAX_HEADERS = 100;

/** The first step of every request: name it, set what every answer carries, read its body. */
export function receive(request: Request, response: Response, next: NextFunction): void {
  request.id = requestIdFrom(request.headers['x-request-id']);
  response.setHeader('X-Request-Id', request.id);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  if (request.rawHeaders.length / 2 > MAX_HEADERS) {
    next(new Refusal('headers_too_large', 'headers_too_large', `More than ${MAX_HEADERS} request headers`));
  } else if (request.headers.host === undefined && request.httpVersion === '1.1') {
    // Whose request this is can't be told, so neither can that of what follows on the same connection.
    response.setHeader('Connection', 'close');
    next(new Refusal('malformed', 'malformed', 'Missing Host header'));
  } else if (isPreflight(request)) {
    answerPreflight(request, response);
  } else if (request.method === 'GET' || request.method === 'HEAD' || isUpload(request)) {
    next();
  } else {
    readJson(request).then((body) => {
      request.body = body;
      next();
    }, next);
  }
}
