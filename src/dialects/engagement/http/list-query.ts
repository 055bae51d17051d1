import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { QueryInteger } from './query-fields.js';
import { QueryRef } from './ref-fields.js';

const MAX_PAGE = 2 ** 31 - 1;
export const PER_PAGE = 25;
const MAX_PER_PAGE = 100;

export type SortDirection = 'asc' | 'desc';

/** The query of every list of this dialect; those with filters extend it, or have the same fields. */
export class ListQuery {
  @Page()
  readonly page?: number | null;

  @PerPage()
  readonly perPage: number = PER_PAGE;

  @After()
  readonly after?: ObjectRef | null;

  @SortDir()
  readonly sortDir: SortDirection = 'desc';
}

export function Page(): PropertyDecorator {
  return QueryInteger({ min: 1, max: MAX_PAGE, description: 'Which page of the list to return; the first is 1.' });
}

export function After(): PropertyDecorator {
  return QueryRef({
    name: 'after',
    optional: true,
    excludes: 'page',
    description: 'In place of `page`: return what comes after the item with this id, in the default order.',
  });
}

export function SortDir(): PropertyDecorator {
  return Choice(['asc', 'desc'], {
    ...{ name: 'sort_dir', optional: true, description: 'Which end of the order is first.' },
  });
}

/** Too much is as much as there may be. */
export function PerPage(): PropertyDecorator {
  return field({
    name: 'per_page',
    optional: true,
    read: (value) =>
      typeof value === 'string' && /^\d{1,10}$/.test(value) ? Math.min(Number(value), MAX_PER_PAGE) : value,
    check: (value) =>
      typeof value === 'number' && value >= 1 ? null : { says: `must be a whole number from 1 to ${MAX_PER_PAGE}.` },
    schema: {
      type: 'integer',
      minimum: 1,
      default: PER_PAGE,
      description: `The largest number of items on a page. More than ${MAX_PER_PAGE} are taken for ${MAX_PER_PAGE}.`,
    },
  });
}

/** `sort_by`: one of these; the first is what a list goes by where nothing is said. */
export function SortBy(choices: readonly [string, ...string[]]): PropertyDecorator {
  return Choice(choices, {
    name: 'sort_by',
    optional: true,
    description: `What the list is sorted by; \`${choices[0]}\` if left out. Ties go by the id.`,
  });
}

/** Which part of a list is asked for: `limit` items, after `offset` of them or after one of them. */
export interface ListSlice {
  readonly limit: number;
  readonly offset: number;
  readonly after: ObjectRef | null;
}

/**
 * @param defaultSort what the list goes by where nothing is said, if it can go by something else
 * @throws InvalidInput on `after` in another order
 */
export function sliceIn(query: ListQuery & { readonly sortBy?: string | null }, defaultSort?: string): ListSlice {
  const { page, perPage: limit, after, sortBy, sortDir } = query;
  if (after == null) {
    return { limit, offset: ((page ?? 1) - 1) * limit, after: null };
  }
  if ((sortBy != null && sortBy !== defaultSort) || sortDir !== 'desc') {
    throw new InvalidInput({ after: ['The after field goes with the default order only.'] });
  }
  return { limit, offset: 0, after };
}
