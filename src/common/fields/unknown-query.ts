import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { InvalidInput } from '../errors/refusal.js';

/** Where Nest keeps what a handler's parameters are; the keys of query parameters begin with the type's number. */
const ROUTE_ARGUMENTS = '__routeArguments__';
const QUERY = '4:';

/**
 * Refuses query parameters on a route that takes none; one that does checks them by its DTO.
 * @throws InvalidInput on each of them
 */
export function refuseUnknownQuery(context: ExecutionContext, request: Request): void {
  if (!request.originalUrl.includes('?') || takesQuery(context)) {
    return;
  }
  const names = Object.keys(request.query);
  if (names.length > 0) {
    throw new InvalidInput(Object.fromEntries(names.map((name) => [name, [`The ${name} field is not known.`]])));
  }
}

function takesQuery(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGUMENTS, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(QUERY));
}
