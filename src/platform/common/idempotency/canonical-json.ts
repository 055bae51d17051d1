import { isObject } from '../fields/json-value.js';

/**
 * JSON with its keys sorted: two bodies that mean the same are written the same. The depth must be bounded by the caller.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
