import { Shown } from './shown.js';

interface Described {
  readonly description: string;
  readonly nullable?: boolean;
  readonly example?: string | null;
}

/** A moment as ISO 8601 writes it: `2026-11-21T10:00:00.000Z`. */
export function ShownMoment({ description, ...rest }: Described): PropertyDecorator {
  return Shown({ type: String, format: 'date-time', example: '2026-11-21T10:00:00.000Z', description, ...rest });
}

export const CreatedAt = (): PropertyDecorator => ShownMoment({ description: 'When the object was created.' });
