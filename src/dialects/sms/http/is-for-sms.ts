import type { Request } from 'express';

/** Where users sign in, where they work, where programs send by a key alone, and where providers tell what came of it. */
export const AUTH = '/api/auth';
export const UI = '/api/ui';
export const MESSAGES = '/api/messages';
export const PROVIDERS = '/api/providers';
/** Where pages open their sockets. */
export const SOCKET = `${UI}/ws`;
/** Where whoever has a signed address fetches the files of messages. */
export const MEDIA = '/api/media';
export const MOUNTED_AT = [AUTH, UI, MESSAGES, PROVIDERS, MEDIA] as const;

type Place = Pick<Request, 'path'>;

/** Whether a request speaks this dialect, be there such a route or not. */
export function isForSms({ path }: Place): boolean {
  return MOUNTED_AT.some((root) => isUnder(root, path));
}

/** Whether it is for users and their pages. */
export function isForUsers({ path }: Place): boolean {
  return isUnder(AUTH, path) || isUnder(UI, path);
}

/** Whether a secret key alone opens it. */
export function isForKeys({ path }: Place): boolean {
  return isUnder(MESSAGES, path);
}

/** Whether a provider calls back. */
export function isForProviders({ path }: Place): boolean {
  return isUnder(PROVIDERS, path);
}

function isUnder(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
