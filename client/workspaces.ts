import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema-workspaces.js';

export type Workspaces = Client<paths>;

export interface WorkspacesOptions {
  /** Such as `https://chat.example.com`. */
  readonly baseUrl: string;
  /** The token of a user's session (`ust_…`), or the secret key of a workspace (`sk_…`) for `/api/messages`. */
  readonly token?: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** A client of workspaces and SMS whose every path, body and answer is typed from the OpenAPI document. */
export function createWorkspaces({ baseUrl, token, fetch }: WorkspacesOptions): Workspaces {
  return createClient<paths>({
    baseUrl,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(fetch === undefined ? {} : { fetch: (request: Request) => fetch(request) }),
  });
}
