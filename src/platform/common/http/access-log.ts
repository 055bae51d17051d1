import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ticks } from '../clock.js';
import { formatId } from '../ids/type-id.js';
import type { Noted } from '../json-logger.js';
import { routeOf } from './routes.js';

const logger = new Logger('Access');

/** Bytes that were written to a connection when its last answer was over. */
const written = new WeakMap<Socket, number>();

/** One line for each request once it is over. It names the route and not the address, which may hold somebody's secret. */
export function logAccess(request: Request, response: Response, next: NextFunction): void {
  const start = ticks();
  const { socket } = request;
  response.once('close', () => {
    const bytes = socket.bytesWritten - (written.get(socket) ?? 0);
    written.set(socket, socket.bytesWritten);
    logger.log(
      new RequestLine({
        method: request.method,
        route: routeOf(request),
        // Whoever hung up before was told nothing.
        status: response.headersSent ? response.statusCode : undefined,
        ms: Math.round(ticks() - start),
        // Headers too.
        bytes,
        request_id: request.id,
        client_id: request.clientId && formatId('client', request.clientId),
      }),
    );
  });
  next();
}

/** For what could not be read as a request, and was refused. */
export function logBrokenRequest(status: number, requestId: string, bytes: number): void {
  logger.log(
    new RequestLine({
      ...{ method: undefined, route: undefined, status, ms: 0, bytes },
      ...{ request_id: requestId, client_id: undefined },
    }),
  );
}

/** Fields in JSON, `name=value` on a terminal. */
class RequestLine implements Noted {
  constructor(readonly facts: Noted['facts']) {}

  [inspect.custom](): string {
    return Object.entries(this.facts)
      .map(([name, value]) => `${name}=${value ?? '-'}`)
      .join(' ');
  }
}
