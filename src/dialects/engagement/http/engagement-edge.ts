import type { NextFunction, Request, Response } from 'express';
import { presentBrokenAs } from '../../../platform/common/http/broken-request.js';
import { admitUi } from '../../../platform/common/http/cors.js';
import { answerOf } from './engagement-errors.js';
import { isForEngagement } from './is-for-engagement.js';

/** What is different about a request of this dialect before it is read and routed like any other. */
export function engagementEdge(request: Request, response: Response, next: NextFunction): void {
  if (isForEngagement(request)) {
    presentBrokenAs(request, response, (refusal) => answerOf(refusal).body);
    admitUi(request, response);
  }
  next();
}
