import { searchable } from '../../contacts/searchable.js';
import type { Trigger } from '../definition/definition.js';
import { findIn } from '../definition/pattern.js';

/** Something that happened, with what of it workflows may look at. */
export interface Happened {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Of its conversation. */
  readonly medium: string | null;
  /** What was said. */
  readonly text: string | null;
}

const MAX_TOLD = 1_000;

/** What the texts of a workflow know as `trigger`; null where this is not what its trigger is about. */
export function matchOf(trigger: Trigger, { type, data, medium, text }: Happened): Record<string, unknown> | null {
  if (trigger.type !== type) {
    return null;
  }
  if ('channels' in trigger && trigger.channels && !trigger.channels.some((one) => one === medium)) {
    return null;
  }
  switch (trigger.type) {
    case 'contact.updated':
      return !trigger.fields || shares(trigger.fields, data['changed']) ? { ...data } : null;
    case 'contact.tagged':
    case 'contact.untagged':
      return !trigger.tag_ids || shares(trigger.tag_ids, data['tag_ids']) ? { ...data } : null;
    case 'campaign.clicked':
      return (trigger.link === undefined ? data['first'] === true : data['link'] === trigger.link) ? { ...data } : null;
    case 'message.received':
      return matchText(trigger.match ?? {}, text ?? '');
    default:
      return { ...data };
  }
}

function matchText(
  { keywords, regex }: { readonly keywords?: readonly string[]; readonly regex?: string },
  text: string,
): Record<string, unknown> | null {
  const plain = wordsIn(text);
  if (keywords && !keywords.some((one) => plain.includes(wordsIn(one)))) {
    return null;
  }
  const found = regex === undefined ? null : findIn(regex, text);
  if (regex !== undefined && found === null) {
    return null;
  }
  const told = { text: text.slice(0, MAX_TOLD) };
  return found === null ? told : { ...told, match: found.map((group) => group?.slice(0, MAX_TOLD) ?? null) };
}

/** Without case, accents and what stands between words, so that a word is found as one. */
function wordsIn(text: string): string {
  return ` ${searchable(text)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

function shares(wanted: readonly unknown[], given: unknown): boolean {
  return Array.isArray(given) && given.some((one) => wanted.includes(one));
}
