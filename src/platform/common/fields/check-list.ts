import type { Problem } from './field.js';

/** The size is checked first: an attack is a long list. Of its items, the first wrong one is named. */
export function checkList(
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
  check: (item: unknown, at: number, list: readonly unknown[]) => Problem,
): Problem {
  if (!Array.isArray(value)) {
    return { says: 'must be an array.' };
  }
  if (value.length < min || value.length > max) {
    return { says: `must have between ${min} and ${max} items.` };
  }
  const problems = value.map(check);
  const wrong = problems.findIndex((problem) => problem !== null);
  const { at, says } = problems[wrong] ?? {};
  return says === undefined ? null : { at: at === undefined ? String(wrong) : `${wrong}.${at}`, says };
}
