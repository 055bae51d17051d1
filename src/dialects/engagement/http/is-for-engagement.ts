import type { Request } from 'express';

/** What stands under `/api/v1` beside the core's own groups. */
export const GROUPS = [
  ...['contacts', 'segments', 'tags', 'suppressions', 'conversations', 'email-accounts', 'live-chat'],
  ...['canned-responses', 'campaigns', 'workflows', 'knowledge-base', 'ai', 'analytics'],
  ...['auth', 'user', 'workspace', 'limits'],
];

const BASE = '/api/v1/';

/** What the operator sets of this dialect: admin routes like the core's, told of in this dialect's document. */
export const FOR_OPERATORS: readonly string[] = ['/admin/v1/clients/{id}/limits'];

export const MOUNTED_AT = [...GROUPS.map((group) => BASE + group), ...FOR_OPERATORS];

const ROOTS: ReadonlySet<string> = new Set(GROUPS);

/** Whether a request speaks this dialect, be there such a route or not. */
export function isForEngagement({ path }: Pick<Request, 'path'>): boolean {
  return path.startsWith(BASE) && ROOTS.has(path.slice(BASE.length).split('/', 1)[0]!);
}
