import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WrittenAnswer } from './status-result.js';

/** Milliseconds that a sender has to read its answer and to stop. */
const LINGER_MS = 1_000;

/**
 * Answers a request whose body is not wanted any more, and hangs up: kept open, the connection would have to take all the
 * gigabytes that are still to come. What comes in the meantime is dropped, since a sender that is cut off while it sends may
 * never see the answer; so the response, though all of it is out, does not end before.
 */
export function answerAndHangUp(request: IncomingMessage, response: ServerResponse, answer: WrittenAnswer): void {
  response.setHeader('Connection', 'close');
  answer.write(response);
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();

  function end(): void {
    clearTimeout(timer);
    response.end();
  }
}
