import type { NextFunction, Request, Response } from 'express';
import { ticks } from '../clock.js';
import { requests, requestSeconds } from '../metrics.js';
import { routeOf } from './routes.js';

const MILLIS = 1_000;
/** Others are of protocols that nobody speaks here. */
const COMMON: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Each request once it is over, by its route: paths are as many as callers like. */
export function countRequests(request: Request, response: Response, next: NextFunction): void {
  const start = ticks();
  response.once('close', () => {
    const method = COMMON.has(request.method) ? request.method : 'other';
    const route = routeOf(request) ?? 'none';
    const status = response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : 'none';
    requests.inc({ method, route, status });
    requestSeconds.observe({ method, route }, (ticks() - start) / MILLIS);
  });
  next();
}
