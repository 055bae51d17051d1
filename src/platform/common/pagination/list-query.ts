import type { Type } from '@nestjs/common';
import { field } from '../fields/field.js';
import { Id, spoken } from '../fields/fields.js';
import type { IdKind } from '../ids/type-id.js';
import { ORDERS, type Order, type PageQuery } from './page.js';

/**
 * The query of a list whose items are named by ids of this kind. Nothing has an example: Swagger UI would fill it in.
 * @param order that of the list where none is asked for, and `limit` likewise
 */
export function ListQuery(
  kind: IdKind,
  { order: own = 'desc', limit: otherwise = 10 }: { readonly order?: Order; readonly limit?: number } = {},
): Type<PageQuery> {
  class Query implements PageQuery {
    @Limit(otherwise)
    readonly limit: number = otherwise;

    @InOrder(own)
    readonly order?: Order;

    @Id(kind, {
      name: 'starting_after',
      optional: true,
      description: `The id of the last ${spoken(kind)} of a page: the next page starts after it.`,
    })
    readonly startingAfter?: string;

    @Id(kind, {
      name: 'ending_before',
      optional: true,
      excludes: 'startingAfter',
      description: `The id of the first ${spoken(kind)} of a page: the previous page ends before it. Not allowed together with \`starting_after\`.`,
    })
    readonly endingBefore?: string;
  }
  return Query;
}

function Limit(otherwise: number): PropertyDecorator {
  return field({
    optional: true,
    read: (value) => (typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value),
    check: (value) =>
      typeof value === 'number' && value >= 1 && value <= 100
        ? null
        : { says: 'must be a whole number from 1 to 100.' },
    schema: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: otherwise,
      description: 'The largest number of items to return.',
    },
  });
}

function InOrder(own: Order): PropertyDecorator {
  return field({
    optional: true,
    check: (value) => (ORDERS.some((one) => one === value) ? null : { says: `must be one of ${ORDERS.join(', ')}.` }),
    schema: {
      type: String,
      enum: [...ORDERS],
      default: own,
      description: 'The sort direction. The default is the order that the operation describes.',
    },
  });
}
