import type { Payload } from '../payload.js';

/** What Apple's devices read, however it reaches them. */
export function apsOf({ title, text, sound, category, badge }: Payload): Record<string, unknown> {
  const alert = { ...(title === undefined ? {} : { title }), ...(text === undefined ? {} : { body: text }) };
  return {
    ...(Object.keys(alert).length === 0 ? {} : { alert }),
    badge,
    ...(sound === undefined ? {} : { sound }),
    ...(category === undefined ? {} : { category }),
  };
}
