import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.js';

export type Parlance = Client<paths>;

export interface ParlanceOptions {
  /** Such as `https://chat.example.com`. */
  readonly baseUrl: string;
  readonly publicKey: string;
  readonly secretKey: string;
  /** Who is calling; without it the server compares the host that is asked. */
  readonly origin?: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** A client of the API whose every path, body and answer is typed from the OpenAPI document. */
export function createParlance({ baseUrl, publicKey, secretKey, origin, fetch }: ParlanceOptions): Parlance {
  return createClient<paths>({
    baseUrl,
    headers: {
      authorization: `Bearer ${secretKey}`,
      'x-public-key': publicKey,
      ...(origin === undefined ? {} : { origin }),
    },
    ...(fetch === undefined ? {} : { fetch: (request: Request) => fetch(request) }),
  });
}
