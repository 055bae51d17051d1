/**
 * How many rows are found first, by whatever says most about them, and then put in order. Of more, PostgreSQL may look through
 * all of a workspace in the order of the list, for enough of them come soon; of these it would, too, where it takes them for more.
 */
const FEW = 2_000;

/** @param total how many rows a list has in all @param filters what it is narrowed by */
export const areFew = (total: number, filters: object): boolean =>
  total <= FEW && Object.values(filters).some((one) => one != null);

/** `rows`, found as if all of them were asked for. */
export const allOf = (rows: string): string => `${rows} OFFSET 0`;
