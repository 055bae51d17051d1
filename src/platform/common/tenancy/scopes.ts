/** What each scope lets a secret key do. */
const GIVES = {
  'customers:read': 'read customers, with their e-mail addresses and metadata',
  'customers:write': 'create, change and delete customers, without reading stored ones',
  'channels:read': 'read channels, with the names and e-mail addresses of their customers and unread counts',
  'channels:write': 'create, change and delete channels, without reading who is in them; mark as read',
  'messages:read': 'read messages and receipts; use real time (e-mail addresses there need `customers:read`)',
  'messages:write': 'send and delete messages as any customer; with `messages:read`, send client events on sockets',
  'files:read': 'read all files',
  'files:write': 'create files',
  'sessions:write': 'create a session for any customer, and so act as that customer',
  'events:read': 'read the events of the last seven days, with the messages, channels and customers in them',
  'webhooks:read': 'read webhook endpoints and deliveries',
  'webhooks:write': 'have all events sent to any URL; returns the endpoints and deliveries it changes',
  'devices:read': 'read the devices of customers',
  'devices:write': 'register and remove devices, which then receive notifications',
  'push:read': 'read which providers have credentials, never the credentials',
  'push:write': 'set and delete the credentials of push providers',
  'announcements:read': 'read announcements and how many customers have read them',
  'announcements:write': 'send announcements to any customers',
} as const;
export type Scope = keyof typeof GIVES;
export const SCOPES = Object.keys(GIVES) as Scope[];

/** For the document: a row for each scope. */
export const SCOPE_TABLE = [
  '| scope | gives |',
  '| --- | --- |',
  ...Object.entries(GIVES).map(([scope, gives]) => `| \`${scope}\` | ${gives} |`),
  '| `contacts` and other names without a colon | the group of that name in the engagement API, as an admin |',
].join('\n');

/** Groups of the engagement API, which personal tokens and secret keys may hold: each gives what its role gives there. */
export const ENGAGEMENT_SCOPES = [
  ...(['contacts', 'conversations', 'campaigns', 'workflows', 'knowledge-base', 'ai'] as const),
  ...(['analytics', 'canned-responses', 'tags'] as const),
] as const;
export type EngagementScope = (typeof ENGAGEMENT_SCOPES)[number];

/** What a secret key may hold: single scopes, or everything. */
export const GRANTS = ['*', ...SCOPES, ...ENGAGEMENT_SCOPES] as const;

/** The scope that shows what this one writes; a scope that shows what it does needs no other. */
export function readingOf(scope: Scope): Scope {
  const reading = scope.replace(/:write$/, ':read') as Scope;
  return reading in GIVES ? reading : scope;
}

export function grants(held: readonly string[], scope: Scope): boolean {
  return held.includes(scope) || held.includes('*');
}
