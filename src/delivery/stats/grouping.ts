/** What statistics may be told for. */
export const GROUPINGS = ['day', 'number', 'status'] as const;
export type Grouping = (typeof GROUPINGS)[number];
