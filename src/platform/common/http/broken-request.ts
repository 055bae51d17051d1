import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { logBrokenRequest } from './access-log.js';
import { WrittenAnswer } from './status-result.js';
import { hangUp } from './hang-up.js';
import { newRequestId, requestIdFrom } from './request-id.js';
import { takesTime } from './allow-slow-transfer.js';

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

/** The last request on each connection, with its answer, until both are over. */
const exchanges = new WeakMap<Duplex, readonly [request: IncomingMessage, response: ServerResponse]>();
/** Those where an answer is waited for before the last word. */
const waiting = new WeakSet<Duplex>();

/** Notes each request that could be read: what could not must not be answered into the answer to another. */
export function noteExchange(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  const exchange = [request, response] as const;
  exchanges.set(socket, exchange);
  response.once('close', () => {
    if (request.complete && exchanges.get(socket) === exchange) {
      // A connection that is kept for the next request must not keep the body of the last.
      exchanges.delete(socket);
    }
  });
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
  const [request, response] = exchanges.get(socket) ?? [];
  if (!request || !response || (request.complete && response.writableFinished)) {
    answer(error, socket);
  } else if (!request.complete && response.headersSent) {
    // What is wrong is the rest of its body, and it has its answer.
    afterwards(response, socket, () => socket.destroy());
  } else if (!request.complete && response.socket === socket) {
    // Its body, and its turn.
    answer(error, socket);
  } else {
    afterwards(response, socket, () => answerBrokenRequest(error, socket));
  }
}

/** Once an answer is out. More that can't be read may come until then; it changes nothing. */
function afterwards(response: ServerResponse, socket: Duplex, go: () => void): void {
  if (response.writableFinished || response.destroyed) {
    go();
  } else if (!waiting.has(socket)) {
    waiting.add(socket);
    response.once('close', () => {
      waiting.delete(socket);
      go();
    });
  }
}

function answer(error: NodeJS.ErrnoException, socket: Duplex): void {
  const [status, message, code] = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const requestId = newRequestId();
  const told = tellings.get(socket)?.(code, message) ?? { error: message, code, request_id: requestId };
  const body = JSON.stringify(told);
  logBrokenRequest(status.slice(0, 3), requestId);
  hangUp(
    socket,
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
