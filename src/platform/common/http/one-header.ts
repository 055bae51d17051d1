import type { IncomingMessage } from 'node:http';

/** How often a request has this header. Node shows one of several, and a proxy may have gone by another. */
function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.length === name.length && rawHeaders[at]!.toLowerCase() === name) {
      count += 1;
    }
  }
  return count;
}

/** What a request says of who asks; two such headers are none. */
export function authorizationOf(request: IncomingMessage): string | null {
  return countOf(request, 'authorization') === 1 ? request.headers.authorization! : null;
}

/** Whether the host it is for is beyond doubt (RFC 9112, 3.2); HTTP/1.0 may leave it out. */
export function namesOneHost(request: IncomingMessage): boolean {
  const count = countOf(request, 'host');
  return count === 1 || (count === 0 && request.httpVersion !== '1.1');
}
