import { RE2JS } from 're2js';

const MAX_TEXT = 16_000;
const patterns = new Map<string, RE2JS>();
/** As many as are used at once, or a little more. */
const MAX_KEPT = 500;

/** Why it is no regular expression of RE2; null where it is one. */
export function patternProblem(source: string): string | null {
  try {
    RE2JS.compile(source);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What was found and its groups, in the first 16,000 characters; null where nothing was. However it is written, it takes a time that rises with the text. */
export function findIn(source: string, text: string): (string | null)[] | null {
  const matcher = compiled(source).matcher(text.slice(0, MAX_TEXT));
  if (!matcher.find()) {
    return null;
  }
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group));
}

function compiled(source: string): RE2JS {
  const known = patterns.get(source) ?? RE2JS.compile(source);
  patterns.delete(source);
  patterns.set(source, known);
  if (patterns.size > MAX_KEPT) {
    patterns.delete(patterns.keys().next().value!);
  }
  return known;
}
