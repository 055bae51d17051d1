import type { Request } from 'express';

/** The token of the one `Authorization: Bearer` header. A proxy may have checked another one, so two are none. */
export function bearerOf({ headers, rawHeaders }: Request): string | null {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.length === 13 && rawHeaders[at]!.toLowerCase() === 'authorization') {
      count += 1;
    }
  }
  return count === 1 ? (/^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '')?.[1] ?? null) : null;
}
