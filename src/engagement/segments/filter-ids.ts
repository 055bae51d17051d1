import type { Filter } from './filter.js';

/** What a filter names by numbers. */
export type NamedKind = 'tag' | 'segment';
/** The ids of what it names. What is gone has none. */
export type FilterIds = Readonly<Record<NamedKind, ReadonlyMap<number, string>>>;

export type NamedRow = { readonly kind: NamedKind; readonly number: number; readonly id: string };

/**
 * The ids of what a filter names; undefined: it names nothing.
 * @param find asks for tags and for segments by their numbers
 */
export async function idsIn(
  filter: Filter | null | undefined,
  find: (tags: readonly number[], segments: readonly number[]) => Promise<readonly NamedRow[]>,
): Promise<FilterIds | undefined> {
  const [tags, segments] = filter ? [numbersIn(filter, 'tag'), numbersIn(filter, 'segment')] : [[], []];
  if (tags.length + segments.length === 0) {
    return undefined;
  }
  const rows = await find(tags, segments);
  const idsOf = (wanted: NamedKind): ReadonlyMap<number, string> =>
    new Map(rows.filter(({ kind }) => kind === wanted).map(({ number, id }) => [number, id]));
  return { tag: idsOf('tag'), segment: idsOf('segment') };
}

/** The numbers of the tags, or segments, that a filter names. */
function numbersIn(filter: Filter, kind: NamedKind): number[] {
  if ('all' in filter || 'any' in filter) {
    return ('all' in filter ? filter.all : filter.any).flatMap((one) => numbersIn(one, kind));
  }
  if ('not' in filter) {
    return numbersIn(filter.not, kind);
  }
  return filter.field === kind ? [...(filter.value as readonly number[])] : [];
}
