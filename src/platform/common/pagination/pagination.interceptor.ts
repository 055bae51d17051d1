import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { Page } from './page.js';

export interface ListEnvelope {
  readonly object: 'list';
  readonly data: unknown;
  readonly has_more: boolean;
  readonly total_count: number;
}

/** The envelope that every list leaves in. */
export class PaginationInterceptor implements NestInterceptor<Page<unknown>, ListEnvelope> {
  /** @param wrap puts the items into the envelope's `data`; most lists are the bare array */
  constructor(private readonly wrap: (items: readonly unknown[]) => unknown = (items) => items) {}

  intercept(_: ExecutionContext, next: CallHandler<Page<unknown>>): Observable<ListEnvelope> {
    return next.handle().pipe(
      map((page) => ({
        object: 'list',
        data: this.wrap(page.items),
        has_more: page.hasMore,
        total_count: page.totalCount,
      })),
    );
  }
}
