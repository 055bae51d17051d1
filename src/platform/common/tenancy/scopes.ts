/** What each scope lets a secret key do. */
const GIVES = {
  'customers:read': 'customers, with their e-mail addresses and metadata',
  'customers:write': 'create, change and erase customers, without seeing what is stored of them',
  'channels:read': 'channels with the names and e-mail addresses of their customers, and how much is unread',
  'channels:write': 'create, change and delete channels, without seeing who is in them; mark as read',
  'messages:read': 'messages and receipts, and real time; there e-mail addresses only with `customers:read`',
  'messages:write': 'send and delete messages as any customer; with `messages:read`, client events on sockets',
  'files:read': 'every file',
  'files:write': 'create files',
  'sessions:write': 'make a session of any customer, and so whatever that customer may see and do',
  'events:read': 'all that happened in the last seven days, with the messages, channels and customers it is about',
  'webhooks:read': 'webhook endpoints and what became of each delivery',
  'webhooks:write': 'have all that happens sent to any address; shows the endpoints and deliveries it changes',
  'devices:read': 'the devices of customers',
  'devices:write': 'register and remove devices, which get notifications with what they say',
  'push:read': 'for which providers there are credentials; never the credentials',
  'push:write': 'set and delete the credentials of providers',
  'announcements:read': 'announcements, and how many have read each',
  'announcements:write': 'announce something to any customers',
} as const;
export type Scope = keyof typeof GIVES;
export const SCOPES = Object.keys(GIVES) as Scope[];

/** For the document: a row for each scope. */
export const SCOPE_TABLE = [
  '| scope | gives |',
  '| --- | --- |',
  ...Object.entries(GIVES).map(([scope, gives]) => `| \`${scope}\` | ${gives} |`),
].join('\n');

/** What a secret key may hold: single scopes, or everything. */
export const GRANTS = ['*', ...SCOPES] as const;

/** The scope that shows what this one writes; a scope that shows what it does needs no other. */
export function readingOf(scope: Scope): Scope {
  const reading = scope.replace(/:write$/, ':read') as Scope;
  return reading in GIVES ? reading : scope;
}

export function grants(held: readonly string[], scope: Scope): boolean {
  return held.includes(scope) || held.includes('*');
}
