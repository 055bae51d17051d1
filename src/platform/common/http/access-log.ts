import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ticks } from '../clock.js';
import { formatId } from '../ids/type-id.js';
import { routeOf } from './routes.js';

const logger = new Logger('Access');

/** One line for each request once it is over. It names the route and not the address, which may hold somebody's secret. */
export function logAccess(request: Request, response: Response, next: NextFunction): void {
  const start = ticks();
  response.once('close', () => {
    logger.log(
      lineOf({
        method: request.method,
        route: routeOf(request),
        // Whoever hung up before was told nothing.
        status: response.headersSent ? response.statusCode : undefined,
        ms: Math.round(ticks() - start),
        request_id: request.id,
        client_id: request.clientId && formatId('client', request.clientId),
      }),
    );
  });
  next();
}

/** For what could not be read as a request, and was refused. */
export function logBrokenRequest(status: string, requestId: string): void {
  logger.log(
    lineOf({ method: undefined, route: undefined, status, ms: 0, request_id: requestId, client_id: undefined }),
  );
}

function lineOf(facts: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value ?? '-'}`)
    .join(' ');
}
