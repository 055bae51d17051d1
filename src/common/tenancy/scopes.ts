export const SCOPES = [
  'customers:read',
  'customers:write',
  'channels:read',
  'channels:write',
  'messages:read',
  'messages:write',
  'files:read',
  'files:write',
  'sessions:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'devices:read',
  'devices:write',
  'push:read',
  'push:write',
  'announcements:read',
  'announcements:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a secret key may hold: single scopes, or everything. */
export const GRANTS = ['*', ...SCOPES] as const;

export function grants(held: readonly string[], scope: Scope): boolean {
  return held.includes(scope) || held.includes('*');
}
