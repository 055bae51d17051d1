import type { Scope } from './scopes.js';

/** What a user is in a workspace, from the one who may least to the one who may most. */
export const ROLES = ['viewer', 'agent', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

const READS: readonly Scope[] = [
  ...(['customers:read', 'channels:read', 'messages:read', 'files:read'] as const),
  ...(['events:read', 'announcements:read'] as const),
];
const WRITES: readonly Scope[] = ['customers:write', 'channels:write', 'messages:write', 'files:write'];

/** What each may do in the core API. */
const SCOPES: Readonly<Record<Role, readonly string[]>> = {
  viewer: READS,
  agent: [...READS, ...WRITES],
  admin: ['*'],
  owner: ['*'],
};

export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role];
}
