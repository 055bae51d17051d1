import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { InvalidInput } from '../errors/refusal.js';
import { fieldsOf } from './field.js';

/** Where Nest keeps what a handler's parameters are; the keys of query parameters are the type's number and the place. */
const ROUTE_ARGUMENTS = '__routeArguments__';
const QUERY = '4:';

const TOLERANT = 'parlance:tolerates-unknown-query';
/** Of a route whose callers add parameters of their own. */
export const ToleratesUnknownQuery = (): MethodDecorator => SetMetadata(TOLERANT, true);

/**
 * Refuses query parameters on a route that takes none; one that does checks them by its DTO. Where unknown ones are
 * tolerated, they are dropped before anybody looks.
 * @throws InvalidInput on each of them
 */
export function refuseUnknownQuery(context: ExecutionContext, request: Request): void {
  if (!request.originalUrl.includes('?')) {
    return;
  }
  const dto = queryDtoOf(context);
  if (Reflect.getMetadata(TOLERANT, context.getHandler()) === true) {
    const fields = dto ? fieldsOf(dto) : new Map<string, unknown>();
    const known = Object.entries(request.query).filter(([name]) => fields.has(name));
    // Express reads the address anew whenever it is asked.
    Object.defineProperty(request, 'query', { value: Object.fromEntries(known) });
    return;
  }
  if (dto) {
    return;
  }
  const names = Object.keys(request.query);
  if (names.length > 0) {
    throw new InvalidInput(Object.fromEntries(names.map((name) => [name, [`The ${name} field is not known.`]])));
  }
}

type Dto = new () => object;

/** What the query is read as; undefined where the route takes none. */
function queryDtoOf(context: ExecutionContext): Dto | undefined {
  const type = context.getClass();
  const handler = context.getHandler().name;
  const parameters = (Reflect.getMetadata(ROUTE_ARGUMENTS, type, handler) ?? {}) as object;
  const query = Object.keys(parameters).find((key) => key.startsWith(QUERY));
  const types = Reflect.getMetadata('design:paramtypes', type.prototype as object, handler) as Dto[];
  return query === undefined ? undefined : types[Number(query.slice(QUERY.length))];
}
