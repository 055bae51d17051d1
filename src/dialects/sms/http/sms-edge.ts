import type { NextFunction, Request, Response } from 'express';
import { presentBrokenAs } from '../../../platform/common/http/broken-request.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import { admitUi, isPreflight } from '../../../platform/common/http/cors.js';
import { readRaw } from '../../../platform/common/http/json-body.js';
import { isForProviders, isForSms, isForUsers, SOCKET } from './is-for-sms.js';
import { smsErrorOf } from './sms-errors.js';

/** What is different about a request of this dialect before it is read and routed like any other. */
export function smsEdge(request: Request, response: Response, next: NextFunction): void {
  if (isForSms(request)) {
    presentBrokenAs(request, response, (refusal) => smsErrorOf(refusal, request));
    if (isForUsers(request)) {
      admitUi(request, response);
    }
    if (isForProviders(request)) {
      // Signatures are over the bytes.
      request.readBody = readRaw;
    }
  }
  const isSocket = request.path === SOCKET && !isPreflight(request);
  next(isSocket ? new Refusal('upgrade_required', 'This address speaks WebSocket') : undefined);
}
