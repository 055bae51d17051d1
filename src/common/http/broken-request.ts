import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WrittenAnswer } from './answer.js';
import { newRequestId, requestIdFrom } from './request-id.js';
import { takesTime } from './take-time.js';

const ANSWERS: Readonly<Record<string, readonly [status: string, error: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'Request headers too large', 'headers_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'Request timed out', 'request_timeout'],
};
const MALFORMED = ['400 Bad Request', 'Malformed HTTP request', 'malformed'] as const;

/** What the HTTP parser could not read never reaches the application; it is answered here, in the same shape, and hung up on. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && takesTime(socket)) {
    // Node says this once in a request, and leaves it to us what to do.
    return;
  }
  const [status, message, code] = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const requestId = newRequestId();
  const body = JSON.stringify({ error: message, code, request_id: requestId });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n` +
      `X-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** An `Expect` other than `100-continue`, which Node never hands on either. */
export function answerUnmetExpectation({ headers }: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdFrom(headers['x-request-id']);
  response.setHeader('X-Request-Id', requestId).setHeader('Connection', 'close');
  const body = { error: 'Expectation failed', code: 'expectation_failed', request_id: requestId };
  new WrittenAnswer(417, JSON.stringify(body)).send(response);
}
