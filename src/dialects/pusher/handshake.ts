import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { hangUp } from '../../platform/common/http/hang-up.js';
import { namesOneHost } from '../../platform/common/http/one-header.js';
import { CLOSE } from './pusher-socket.js';

/** Says no to a socket once it is open; a browser learns nothing of an answer that is not 101. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** The differences since 5, which the libraries for Java and .NET ask for, are such that they understand 7. */
const VERSIONS = ['5', '6', '7'];

/** The public key and the version in the address of a socket; null where the address is none. */
export function readAddress(url: string): { readonly publicKey: string; readonly version: string | null } | null {
  const [, publicKey, query] = /^\/app\/([^/?]+)(?:\?(.*))?$/s.exec(url) ?? [];
  return publicKey === undefined ? null : { publicKey, version: new URLSearchParams(query).get('protocol') };
}

export function refuseVersion(version: string | null): Closing | null {
  if (version === null || version === '') {
    return { code: CLOSE.missingVersion, reason: 'The protocol version is missing' };
  }
  if (!/^\d+$/.test(version)) {
    return { code: CLOSE.malformedVersion, reason: 'The protocol version is not a number' };
  }
  return VERSIONS.includes(version)
    ? null
    : { code: CLOSE.unsupportedVersion, reason: 'The protocol version is not supported' };
}

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
