import type { Type } from '@nestjs/common';
import { ApiResponse, ApiSchema } from '@nestjs/swagger';
import { field } from '../../../platform/common/fields/field.js';
import { Shown } from '../../../platform/common/openapi/shown.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** Beyond which no list goes; enough that a page past it is past the end. */
const MAX_PAGE = 999_999_999;

/** Which part of a list is asked for. */
export interface NumberedPageQuery {
  readonly page: number;
  readonly limit: number;
}

/** The same as how many items, after how many. */
export function sliceOf({ page, limit }: NumberedPageQuery): { readonly limit: number; readonly offset: number } {
  return { limit, offset: (page - 1) * limit };
}

/** The query of every list of this dialect; those with filters extend it. */
export class SmsPageQuery implements NumberedPageQuery {
  @WholeNumber(MAX_PAGE, 1, 'Which page of the list to return; the first is 1.')
  readonly page: number = 1;

  @WholeNumber(MAX_LIMIT, DEFAULT_LIMIT, 'The largest number of items on a page.')
  readonly limit: number = DEFAULT_LIMIT;
}

function WholeNumber(max: number, otherwise: number, description: string): PropertyDecorator {
  return field({
    optional: true,
    read: (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
    check: (value) =>
      typeof value === 'number' && value >= 1 && value <= max
        ? null
        : { says: `must be a whole number from 1 to ${max}.` },
    schema: { type: 'integer', minimum: 1, maximum: max, default: otherwise, description },
  });
}

/** One page of a list, in the envelope of all lists of this dialect. */
export interface NumberedPage<T> {
  readonly data: readonly T[];
  readonly pagination: Pagination;
}

@ApiSchema({ name: 'Pagination', description: 'Where a page stands in its list.' })
export class Pagination {
  @Shown({ type: 'integer', minimum: 1, example: 1, description: 'The number of this page.' })
  readonly currentPage!: number;

  @Shown({ type: 'integer', minimum: 0, example: 1, description: 'How many pages the list has.' })
  readonly totalPages!: number;

  @Shown({ type: 'integer', minimum: 0, example: 1, description: 'How many items the whole list has.' })
  readonly totalItems!: number;

  @Shown({ type: Boolean, example: false, description: 'Whether there are items after this page.' })
  readonly hasNext!: boolean;
}

/** @param data the items of the page that `query` asked for */
export function numberedPage<T>(
  data: readonly T[],
  { page, limit }: NumberedPageQuery,
  totalItems: number,
): NumberedPage<T> {
  const totalPages = Math.ceil(totalItems / limit);
  return { data, pagination: { currentPage: page, totalPages, totalItems, hasNext: page < totalPages } };
}

/**
 * A route that answers a NumberedPage of this DTO: of `WorkspaceMemberDto` the schema is `WorkspaceMemberPage`.
 * @param schema of an item, where it is not always that DTO
 */
export function AnswersPageOf(item: Type, schema?: object): MethodDecorator {
  @ApiSchema({ name: item.name.replace(/(Dto)?$/, 'Page'), description: 'One page of a list.' })
  class AnsweredPage implements NumberedPage<unknown> {
    @Shown({
      ...(schema ? { type: 'array', items: schema } : { type: [item] }),
      description: 'The items of this page.',
    })
    readonly data!: readonly unknown[];

    @Shown({ type: Pagination, description: 'Where the page stands in its list.' })
    readonly pagination!: Pagination;
  }
  return ApiResponse({ status: 200, type: AnsweredPage, description: 'One page of the list.' });
}
