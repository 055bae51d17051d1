import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody, statusOf } from '../errors/error-body.js';
import { Refusal } from '../errors/refusal.js';
import { logBrokenRequest } from './access-log.js';
import { WrittenAnswer } from './status-result.js';
import { hangUp } from './hang-up.js';
import { newRequestId, requestIdFrom } from './request-id.js';
import { isSlowTransfer } from './allow-slow-transfer.js';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: new Refusal('headers_too_large', 'Request headers too large'),
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal('request_timeout', 'Request timed out'),
};
const MALFORMED = new Refusal('malformed', 'Malformed HTTP request');

/** Writes the body of an error in the dialect of the request. */
type PresentError = (refusal: Refusal) => object;
const presenters = new WeakMap<Duplex, PresentError>();

/** For requests of another dialect than the core's: an error in the rest of the request is written in its form. */
export function presentBrokenAs(request: IncomingMessage, response: ServerResponse, present: PresentError): void {
  const { socket } = request;
  presenters.set(socket, present);
  response.once('close', () => presenters.delete(socket));
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

/**
 * What the HTTP parser could not read never reaches the application; it is answered here, in the same shape, and hung up on.
 * @param base the address of this server, where it is known without a request
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, base: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isSlowTransfer(socket)) {
    // Node says this once in a request, and leaves it to us what to do.
    return;
  }
  const [request, response] = exchanges.get(socket) ?? [];
  if (!request || !response || (request.complete && response.writableFinished)) {
    answer(error, socket, base);
  } else if (!request.complete && response.headersSent) {
    // What is wrong is the rest of its body, and it has its answer.
    afterwards(response, socket, () => socket.destroy());
  } else if (!request.complete && response.socket === socket) {
    // Its body, and its turn.
    answer(error, socket, base);
  } else {
    afterwards(response, socket, () => answerBrokenRequest(error, socket, base));
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

function answer(error: NodeJS.ErrnoException, socket: Duplex, base: string): void {
  const refusal = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const status = statusOf(refusal);
  const requestId = newRequestId();
  const body = JSON.stringify(presenters.get(socket)?.(refusal) ?? errorBody(refusal, requestId, base));
  const message =
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
    `X-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`;
  logBrokenRequest(status, requestId, Buffer.byteLength(message));
  hangUp(socket, message);
}

/** An `Expect` other than `100-continue`, which Node never hands on either. */
export function answerUnmetExpectation({ headers }: IncomingMessage, response: ServerResponse, base: string): void {
  const requestId = requestIdFrom(headers['x-request-id']);
  response.setHeader('X-Request-Id', requestId).setHeader('Connection', 'close');
  const refusal = new Refusal('expectation_failed', 'Expectation failed');
  new WrittenAnswer(statusOf(refusal), JSON.stringify(errorBody(refusal, requestId, base))).send(response);
}
