import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * The classes of an application's requests and answers, for `createServer`. Express makes what Node hands it its own by
 * changing its prototype. That is no small thing to V8: whatever touches such an object afterwards is slow, and it
 * outlives its request until a full collection. What is born with the prototype that Express would give it is left as it is.
 */
export function bornMessages(app: Express) {
  class BornRequest extends IncomingMessage {}
  class BornResponse extends ServerResponse {}
  app.request = Object.setPrototypeOf(BornRequest.prototype, app.request) as Express['request'];
  app.response = Object.setPrototypeOf(BornResponse.prototype, app.response) as Express['response'];
  return { IncomingMessage: BornRequest, ServerResponse: BornResponse };
}
