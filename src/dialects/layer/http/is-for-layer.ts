import type { Request } from 'express';

/** Where this dialect is mounted. */
export const MOUNTED_AT = '/layer';

/** Whether a request speaks this dialect, be there such a route or not. */
export function isForLayer({ path }: Pick<Request, 'path'>): boolean {
  return path === MOUNTED_AT || path.startsWith(`${MOUNTED_AT}/`);
}
