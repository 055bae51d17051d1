import { alertOf, given, type Payload } from '../payload.js';

/** What Apple's devices read, however it reaches them. */
export function apsOf(payload: Payload): Record<string, unknown> {
  const { badge, sound, category } = payload;
  return given<unknown>({ alert: alertOf(payload), badge, sound, category });
}
