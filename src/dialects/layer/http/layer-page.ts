import {
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { field } from '../../../platform/common/fields/field.js';
import { isUuid } from '../../../platform/common/ids/type-id.js';
import { layerIdPattern, parseLayerId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';

const COUNT = 'Layer-Count';

/** One page of a list of this dialect; `total` counts the whole list. */
export class LayerPage<T> {
  constructor(
    readonly items: readonly T[],
    readonly total: number,
  ) {}

  map<U>(change: (item: T) => U): LayerPage<U> {
    return new LayerPage(this.items.map(change), this.total);
  }
}

/** The items alone, and how many there are in all in `Layer-Count`. */
class LayerPageInterceptor implements NestInterceptor<LayerPage<unknown>, readonly unknown[]> {
  intercept(context: ExecutionContext, next: CallHandler<LayerPage<unknown>>): Observable<readonly unknown[]> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map(({ items, total }) => {
        response.setHeader(COUNT, total);
        return items;
      }),
    );
  }
}

/** A route that answers a LayerPage of this DTO. */
export function AnswersLayerPageOf(item: Type): MethodDecorator {
  return applyDecorators(
    UseInterceptors(new LayerPageInterceptor()),
    ApiExtraModels(item),
    ApiResponse({
      status: 200,
      description: 'One page of the list.',
      headers: {
        [COUNT]: { description: 'How many items the whole list has.', schema: { type: 'integer', minimum: 0 } },
      },
      schema: { type: 'array', items: { $ref: getSchemaPath(item) } },
    }),
  );
}

/** How many a page holds, `page_size`: at most and by default 100, where nothing else is said. */
export function PageSize(max = 100): PropertyDecorator {
  return field({
    name: 'page_size',
    optional: true,
    read: (value) => (typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value),
    check: (value) =>
      typeof value === 'number' && value >= 1 && value <= max
        ? null
        : { says: `must be a whole number from 1 to ${max}.` },
    schema: {
      type: 'integer',
      minimum: 1,
      maximum: max,
      default: max,
      description: 'The largest number of items to return.',
    },
  });
}

/** What to start after, `from_id`: its Layer URI or its UUID; read as the UUID. */
export function FromId(kind: Parameters<typeof parseLayerId>[0]): PropertyDecorator {
  return field({
    name: 'from_id',
    optional: true,
    read: (value) => parseLayerId(kind, value) ?? value,
    check: (value) => (isUuid(value) ? null : { says: `must be layer:///${kind}/ and a UUID, or a UUID.` }),
    schema: {
      type: String,
      pattern: layerIdPattern(kind),
      description: 'The Layer URI or UUID of the last item on the previous page, to get the page after it.',
    },
  });
}

/** What `from_id` names is nothing in this list. */
export function unknownFromId(): LayerRefusal {
  return new LayerRefusal('invalid_property', 'The from_id field names nothing in this list.', { property: 'from_id' });
}
