import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '../errors/error-codes.js';
import { notFound } from '../errors/refusal.js';
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

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

/**
 * The text and code of an error as this operation gives them; undefined where the common example is as true.
 * @param said what the operation itself says of this status
 */
export function errorExampleOf(
  status: string,
  operation: Operation,
  said: string | undefined,
): readonly [string, ErrorCode] | undefined {
  if (status === '404') {
    return [said || missingIn(operation), 'not_found'];
  }
  if (status === '403') {
    const scope = (operation as Readonly<{ [REQUIRED_SCOPE]?: unknown }>)[REQUIRED_SCOPE];
    return typeof scope === 'string' ? [`Forbidden - Missing scope: ${scope}`, 'forbidden'] : undefined;
  }
  return status === '500' ? [failureOf(operation.summary), 'internal_error'] : undefined;
}

/** "Create identity key" → how it is told that there are as many as there may be. */
export function limitExampleOf({ summary = '' }: Operation): readonly [string, ErrorCode] {
  return [`A client may not have more than 20 ${summary.split(' ').slice(1).join(' ')}s`, 'limit_reached'];
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
