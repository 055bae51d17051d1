import type { NextFunction, Request, Response } from 'express';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { isPreflight } from '../../platform/common/http/cors.js';
import { readJsonOrForm } from '../../platform/common/http/json-body.js';

/** What the libraries ask, each in its own way: most send a form. */
const TAKES_FORMS = '/broadcasting/auth';
/** Where sockets are opened. */
const SOCKET = /^\/app\/[^/]+$/;

export function pusherEdge(request: Request, _: Response, next: NextFunction): void {
  if (request.path === TAKES_FORMS) {
    request.readBody = readJsonOrForm;
  }
  const isSocket = SOCKET.test(request.path) && !isPreflight(request);
  next(isSocket ? new Refusal('upgrade_required', 'This address speaks WebSocket') : undefined);
}
