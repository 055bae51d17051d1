import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WrittenAnswer } from './answer.js';
import { newRequestId, requestIdFrom } from './request-id.js';
import { takesTime } from './take-time.js';

const ANSWERS: Readonly<Record<string, readonly [status: string, error: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'Request headers too large', 'headers_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'Request timed out', 'request_timeout'],
};
/** The code of an error, told as the request that it is about would be told one. */
type Telling = (code: string, message: string) => object;
const tellings = new WeakMap<Duplex, Telling>();

const MALFORMED = ['400 Bad Request', 'Malformed HTTP request', 'malformed'] as const;

/** For a request in another language than the core's: should the rest of it not be readable, that is told in its words. */
export function tellBroken(request: IncomingMessage, response: ServerResponse, tell: Telling): void {
  const { socket } = request;
  tellings.set(socket, tell);
  response.once('close', () => tellings.delete(socket));
}

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
  const told = tellings.get(socket)?.(code, message) ?? { error: message, code, request_id: requestId };
  const body = JSON.stringify(told);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
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
