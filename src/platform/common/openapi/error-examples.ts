import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '../errors/error-codes.js';
import { forbidden, notFound } from '../errors/refusal.js';
import { failureOf } from '../errors/failure-text.js';
import { ID_PREFIXES, idOrUuidPattern, type IdKind } from '../ids/type-id.js';
import { REQUIRED_SCOPE } from '../tenancy/access.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: { readonly pattern?: string };
}
interface Body {
  readonly content?: Readonly<Record<string, { readonly schema?: { readonly $ref?: string } }>>;
}

export type ErrorExample = readonly [error: string, code: ErrorCode];

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

/**
 * The text and code of a 403, 404, 409 or 500 as this operation gives them.
 * @param said what the operation itself says of this status
 */
export function errorExampleOf(status: string, operation: Operation, said: string | undefined): ErrorExample {
  if (said) {
    return [said, status === '409' ? 'limit_reached' : 'not_found'];
  }
  if (status === '404') {
    return [missingIn(operation), 'not_found'];
  }
  if (status === '403') {
    const scope = (operation as Readonly<{ [REQUIRED_SCOPE]?: unknown }>)[REQUIRED_SCOPE];
    const reason = typeof scope === 'string' ? `Missing scope: ${scope}` : 'IP address not allowed';
    return [forbidden(reason).message, 'forbidden'];
  }
  return [failureOf(operation.summary), 'internal_error'];
}

/** What the first id in the path names; where there is none, whom the query or the body names. */
function missingIn(operation: Operation): string {
  const id = parametersOf(operation).find((parameter) => parameter.in === 'path');
  const kind = KINDS.find((one) => idOrUuidPattern(one) === id?.schema?.pattern);
  if (kind) {
    return notFound(kind).message;
  }
  return operation.security?.some((scheme) => 'admin_key' in scheme) ? 'Route not found' : notFound('customer').message;
}

/** The first field that has to be given, as its absence is told; the first of all where none has to be. */
export function fieldErrorOf(
  operation: Operation,
  schemas: Readonly<Record<string, object>>,
): Record<string, string[]> {
  const body = Object.values((operation.requestBody as Body | undefined)?.content ?? {})[0]?.schema;
  const { required = [] } = (schemas[body?.$ref?.split('/').at(-1) ?? ''] ?? {}) as { required?: readonly string[] };
  const asked = parametersOf(operation).filter((parameter) => parameter.in === 'query' && parameter.required);
  const name = required[0] ?? asked[0]?.name;
  return name === undefined
    ? { colour: ['The colour field is not known.'] }
    : { [name]: [`The ${name} field is required.`] };
}

export function parametersOf(operation: Operation): readonly Parameter[] {
  return (operation.parameters ?? []) as readonly Parameter[];
}
