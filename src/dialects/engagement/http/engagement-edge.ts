import type { NextFunction, Request, Response } from 'express';
import { presentBrokenAs } from '../../../platform/common/http/broken-request.js';
import { admitUi } from '../../../platform/common/http/cors.js';
import { readLargeJson } from '../../../platform/common/http/json-body.js';
import { answerOf } from './engagement-errors.js';
import { isForEngagement } from './is-for-engagement.js';
import { dropped, isForm, leaveUnread } from './upload.js';

const TAKES_FORMS = ['/api/v1/contacts/import', '/api/v1/knowledge-base'];
/** Conversations that are begun, replies and campaigns, which may be HTML, documents, and definitions of workflows. */
const MAY_BE_LARGE =
  /^\/api\/v1\/(conversations(\/[^/]+\/reply)?|(campaigns|knowledge-base)(\/[^/]+)?|workflows(\/[^/]+(\/trigger)?)?|ai\/generate-reply)$/;

/** Of such a request nothing is read: see unsubscribe.controller.ts. */
const UNSUBSCRIBES = /^\/u\//;

/** What is different about a request of this dialect before it is read and routed like any other. */
export function engagementEdge(request: Request, response: Response, next: NextFunction): void {
  if (isForEngagement(request)) {
    presentBrokenAs(request, response, (refusal) => answerOf(refusal).body);
    admitUi(request, response);
    if (TAKES_FORMS.includes(request.path) && isForm(request)) {
      request.readBody = leaveUnread;
    } else if (MAY_BE_LARGE.test(request.path)) {
      request.readBody = readLargeJson;
    }
  } else if (UNSUBSCRIBES.test(request.path)) {
    request.readBody = dropped;
  }
  next();
}
