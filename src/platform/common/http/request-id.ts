import { uuidv7 } from 'uuidv7';

export const REQUEST_ID = /^[\w-]{1,64}$/;

export function newRequestId(): string {
  return `req_${uuidv7()}`;
}

/** The caller's own id where it is harmless in a log line and a header, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : newRequestId();
}
