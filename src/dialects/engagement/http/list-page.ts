import {
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiResponse, ApiSchema } from '@nestjs/swagger';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import { baseUrlOf } from '../../../platform/common/http/base-url.js';
import { Shown } from '../../../platform/common/openapi/shown.js';
import type { ListQuery } from './list-query.js';

interface Item {
  readonly id: number;
}

/** What a list holds in all, and whether more of it follows: that is asked where a page begins after an item. */
export interface ListTotal {
  readonly total: number;
  readonly hasMore?: boolean;
}

/** What was asked for: a page by its number, or one that goes on from an item, in the direction of the list. */
type PageQuery =
  | Pick<ListQuery, 'page' | 'perPage' | 'after'>
  | { readonly perPage: number; /** A list without numbered pages. */ readonly before: number | null };

/** One page of a list; the links are made where it leaves. */
export class ListPage<T extends Item> {
  constructor(
    readonly items: readonly T[],
    readonly query: PageQuery,
    readonly of: ListTotal,
  ) {}
}

const ShownLink = (description: string): PropertyDecorator =>
  Shown({
    type: String,
    format: 'uri',
    nullable: true,
    example: 'https://chat.example.com/api/v1/contacts?page=1',
    description,
  });

@ApiSchema({ name: 'PageLinks', description: 'Addresses of other pages of a list, with the same filters.' })
class PageLinks {
  @ShownLink('The first page.')
  readonly first!: string;

  @ShownLink('The last page; null after an item.')
  readonly last!: string | null;

  @ShownLink('The page before; null if there is none, or after an item.')
  readonly prev!: string | null;

  @ShownLink('The page after; null if there is none.')
  readonly next!: string | null;
}

const ShownPlace = (description: string): PropertyDecorator =>
  Shown({ type: 'integer', minimum: 1, nullable: true, example: 1, description });

@ApiSchema({ name: 'PageMeta', description: 'Where a page stands in its list.' })
class PageMeta {
  @ShownPlace('The number of this page; null after an item.')
  readonly current_page!: number | null;

  @ShownPlace('The place of its first item in the list; null if it is empty, or after an item.')
  readonly from!: number | null;

  @Shown({ type: 'integer', minimum: 1, example: 1, description: 'How many pages the list has, at least 1.' })
  readonly last_page!: number;

  @Shown({
    type: String,
    format: 'uri',
    example: 'https://chat.example.com/api/v1/contacts',
    description: 'The address of the list, without a query.',
  })
  readonly path!: string;

  @Shown({ type: 'integer', minimum: 1, example: 25, description: 'The largest number of items on a page.' })
  readonly per_page!: number;

  @ShownPlace('The place of its last item in the list; null if it is empty, or after an item.')
  readonly to!: number | null;

  @Shown({ type: 'integer', minimum: 0, example: 1, description: 'How many items the whole list has.' })
  readonly total!: number;
}

/** The envelope of all lists. */
class ListPageInterceptor implements NestInterceptor<ListPage<Item>, object> {
  intercept(context: ExecutionContext, next: CallHandler<ListPage<Item>>): Observable<object> {
    const request = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(map((page) => envelopeOf(page, request)));
  }
}

function envelopeOf({ items, query, of }: ListPage<Item>, request: Request): object {
  const { pathname, search: asked } = new URL(request.originalUrl, 'http://localhost');
  const path = baseUrlOf(request) + pathname;
  const linkTo = (name?: 'page' | 'after' | 'before', value?: number): string => {
    const kept = new URLSearchParams(asked);
    ['page', 'after', 'before'].forEach((one) => kept.delete(one));
    if (name) {
      kept.set(name, String(value));
    }
    return kept.size > 0 ? `${path}?${kept.toString()}` : path;
  };
  const { perPage: per_page } = query;
  const last_page = Math.max(1, Math.ceil(of.total / per_page));
  const always = { last_page, path, per_page, total: of.total };
  const cursor = 'before' in query ? 'before' : query.after != null ? 'after' : null;
  if (cursor !== null) {
    const next = of.hasMore ? linkTo(cursor, items.at(-1)!.id) : null;
    const first = cursor === 'before' ? linkTo() : linkTo('page', 1);
    return {
      data: items,
      links: { first, last: null, prev: null, next },
      meta: { current_page: null, from: null, ...always, to: null },
    };
  }
  const page = ('page' in query ? query.page : null) ?? 1;
  const from = items.length === 0 ? null : (page - 1) * per_page + 1;
  return {
    data: items,
    links: {
      first: linkTo('page', 1),
      last: linkTo('page', last_page),
      prev: page > 1 ? linkTo('page', page - 1) : null,
      next: page < last_page ? linkTo('page', page + 1) : null,
    },
    meta: { current_page: page, from, ...always, to: from === null ? null : from + items.length - 1 },
  };
}

/** A route that answers a ListPage of this DTO: of `ContactDto` the schema is `ContactPage`. */
export function AnswersListPageOf(item: Type): MethodDecorator {
  @ApiSchema({ name: item.name.replace(/(Dto)?$/, 'Page'), description: 'One page of a list.' })
  class AnsweredPage {
    @Shown({ type: [item], description: 'The items of this page.' })
    readonly data!: readonly unknown[];

    @Shown({ type: PageLinks, description: 'Other pages.' })
    readonly links!: PageLinks;

    @Shown({ type: PageMeta, description: 'Where the page stands in the list.' })
    readonly meta!: PageMeta;
  }
  return applyDecorators(
    UseInterceptors(new ListPageInterceptor()),
    ApiResponse({ status: 200, type: AnsweredPage, description: 'One page of the list.' }),
  );
}
