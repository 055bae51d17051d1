/** What part of a list is asked for. */
export interface PageQuery {
  readonly limit: number;
  /** The id (a UUID) of the last row of the page before. */
  readonly startingAfter?: string;
}

/** One page of a list. `totalCount` counts the whole list, exactly. */
export class Page<T> {
  constructor(
    readonly items: readonly T[],
    readonly hasMore: boolean,
    readonly totalCount: number,
  ) {}

  /** From rows of which one more was asked for than the page holds: it answers "is there another page?". */
  static of<T>(rows: readonly T[], limit: number, totalCount: number): Page<T> {
    return new Page(rows.slice(0, limit), rows.length > limit, totalCount);
  }

  map<U>(change: (item: T) => U): Page<U> {
    return new Page(this.items.map(change), this.hasMore, this.totalCount);
  }
}
