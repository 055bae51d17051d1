import type { Filter } from './filter.js';

/** What a filter names by numbers. */
export type NamedKind = 'tag' | 'segment';
/** The ids of what it names. What is gone has none. */
export type FilterIds = Readonly<Record<NamedKind, ReadonlyMap<number, string>>>;

/** The numbers of the tags, or segments, that a filter names. */
export function numbersIn(filter: Filter, kind: NamedKind): number[] {
  if ('all' in filter || 'any' in filter) {
    return ('all' in filter ? filter.all : filter.any).flatMap((one) => numbersIn(one, kind));
  }
  if ('not' in filter) {
    return numbersIn(filter.not, kind);
  }
  return filter.field === kind ? [...(filter.value as readonly number[])] : [];
}
