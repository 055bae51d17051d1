/**
 * Depth of a parsed JSON value: a scalar 0, `{}` 1. Stops counting past `limit`; a list, not recursion, so no input
 * exhausts the stack.
 */
export function depthOf(value: unknown, limit: number): number {
  let depth = 0;
  let level = [value].filter(isContainer);
  while (level.length > 0 && depth <= limit) {
    depth += 1;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return depth;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a text survives PostgreSQL and JSON unharmed: no U+0000, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

/**
 * What a JSON value holds that would be stored other than it was sent, or null. Numbers past 2^53 lost digits when they
 * were parsed, and 1e999 became infinite. The depth must be bounded before.
 */
export function unstorablePart(value: unknown): string | null {
  if (typeof value === 'string') {
    return isStorable(value) ? null : 'a character that can not be stored';
  }
  if (typeof value === 'number') {
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? null : 'a number that can not be kept exactly';
  }
  if (!isContainer(value)) {
    return null;
  }
  for (const [key, inner] of Object.entries(value)) {
    const part = unstorablePart(key) ?? unstorablePart(inner);
    if (part) {
      return part;
    }
  }
  return null;
}

/** A JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
