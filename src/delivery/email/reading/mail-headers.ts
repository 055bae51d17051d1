import type { Email } from 'postal-mime';
import { MAIL_LIMITS } from './mail-limits.js';

/** Headers by name, in lower case, in the order they stand in the mail. */
export class MailHeaders {
  constructor(private readonly headers: Email['headers']) {}

  /** The first of that name: what is added on the way stands above, so a second one is not the sender's. */
  first(name: string): string | null {
    return this.headers.find(({ key }) => key === name)?.value.trim() ?? null;
  }

  count(name: string): number {
    return this.headers.filter(({ key }) => key === name).length;
  }

  has(name: string): boolean {
    return this.count(name) > 0;
  }
}

const MESSAGE_ID = /<([^<>\s]+)>/g;

/** The Message-IDs that a header names, without their brackets, in its order; some programs leave the brackets out. */
export function messageIdsIn(value: string | null): readonly string[] {
  // Folded ones have spaces within, from programs that break lines anywhere.
  const named = [...(value ?? '').matchAll(MESSAGE_ID)].map(([, id]) => id!);
  const ids = named.length > 0 ? named : (value ?? '').split(/[\s,]+/).filter((id) => /^[^<>@]+@[^<>@]+$/.test(id));
  return ids.filter(({ length }) => length <= MAIL_LIMITS.messageIdCharacters);
}
