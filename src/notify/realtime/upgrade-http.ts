import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { hangUp } from '../../platform/common/http/hang-up.js';
import { namesOneHost } from '../../platform/common/http/one-header.js';

/** HTTP/1.0 knows no change of protocol (RFC 9110, 7.8), and whose request it is that names two hosts can't be told. */
export function asksForWebSocket(request: IncomingMessage): boolean {
  const { method, httpVersion, headers } = request;
  return (
    method === 'GET' && httpVersion === '1.1' && namesOneHost(request) && headers.upgrade?.toLowerCase() === 'websocket'
  );
}

const REFUSALS = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;
/** Seconds, where nothing better is known. */
const RETRY_AFTER = 2;
export type RefusedStatus = keyof typeof REFUSALS;

/** Answers, where the request does not even become a socket. Nobody else lets go of it: the HTTP server has handed it over. */
export function refuseUpgrade(stream: Duplex, status: RefusedStatus, retryAfter = RETRY_AFTER): void {
  const wait = status === 429 || status === 503 ? `Retry-After: ${retryAfter}\r\n` : '';
  hangUp(stream, `HTTP/1.1 ${status} ${REFUSALS[status]}\r\n${wait}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}

/**
 * A request that asks for a change of protocol may be answered as if it had not (RFC 9110, 7.8), and some clients ask for
 * HTTP/2 in each of theirs. Node hands all of them over as soon as somebody listens, so those that are not ours start
 * again, without the question.
 */
export function handBack(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  stream: Duplex,
  head: Buffer,
) {
  const lines = [`${method} ${url} HTTP/${httpVersion}`, 'Connection: close'];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!/^(connection|upgrade|http2-settings)$/i.test(rawHeaders[at]!)) {
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
    }
  }
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', stream);
}
