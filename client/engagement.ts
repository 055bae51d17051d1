import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema-engagement.js';

export type Engagement = Client<paths>;

export interface EngagementOptions {
  /** Such as `https://chat.example.com`. */
  readonly baseUrl: string;
  /** A personal token (`pat_…`), the token of a user's session (`ust_…`), or a secret key of the workspace (`sk_…`). */
  readonly token?: string;
  /** With a session: the workspace, if not the active one. */
  readonly workspaceId?: string | number;
  readonly fetch?: typeof globalThis.fetch;
}

/** A client of the engagement API whose every path, body and answer is typed from the OpenAPI document. */
export function createEngagement({ baseUrl, token, workspaceId, fetch }: EngagementOptions): Engagement {
  return createClient<paths>({
    baseUrl,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(workspaceId === undefined ? {} : { 'x-workspace-id': String(workspaceId) }),
    },
    ...(fetch === undefined ? {} : { fetch: (request: Request) => fetch(request) }),
  });
}
