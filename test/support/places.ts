import { ID_PREFIXES, type IdKind } from '../../src/platform/common/ids/type-id.js';
import { document, type Operation } from './truth.js';

/** One value of each kind that a request can name. */
export const ID_KINDS = [
  ...(['client', 'customer', 'channel', 'message', 'file', 'customer_session'] as const),
  ...(['event', 'webhook_endpoint', 'webhook_delivery', 'device', 'announcement'] as const),
] as const;
export type Kind = (typeof ID_KINDS)[number] | 'email' | 'other_email' | 'external_id';
export type Names = Readonly<Record<Kind, string>>;
export interface Place {
  readonly in: string;
  readonly name: string;
  readonly kind: Kind;
}
interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Property;
  readonly description?: string;
}
export interface Property {
  readonly $ref?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly items?: Property;
  readonly enum?: readonly string[];
}

const kinds = Object.entries(ID_PREFIXES) as Array<[IdKind, string]>;

export function isCursor(name: string): boolean {
  return name === 'starting_after' || name === 'ending_before';
}

/** What a parameter or a field names, read from the document: its format, its description, or the prefix of its example. */
export function kindOf(name: string, schema: Property, description = ''): Kind | null {
  if (schema.format === 'email') {
    return name === 'recipient_email' || name === 'email2' ? 'other_email' : 'email';
  }
  if (name === 'external_id') {
    return name;
  }
  if (isCursor(name)) {
    return /^The id of the (?:last|first) ([\w ]+) of a page/.exec(description)![1]!.replace(' ', '_') as Kind;
  }
  const example = schema.items?.example ?? schema.example;
  const kind = kinds.find(([, prefix]) => typeof example === 'string' && example.startsWith(`${prefix}_`))?.[0];
  return (kind as Kind | undefined) ?? null;
}

export function bodyOf(operation: Operation): Array<readonly [string, Property]> {
  const $ref = operation.requestBody?.content['application/json']?.schema.$ref;
  const { schemas } = document.components as unknown as { schemas: Record<string, { properties: object }> };
  return $ref ? (Object.entries(schemas[$ref.split('/').at(-1)!]!.properties) as Array<[string, Property]>) : [];
}

export const parametersOf = ({ parameters = [] }: Operation): readonly Parameter[] => parameters;

/** Where a request of an operation names something, and of which kind. */
export function placesOf(operation: Operation): Place[] {
  const fields: Parameter[] = [
    ...parametersOf(operation),
    ...bodyOf(operation).map(([name, schema]) => ({ in: 'body', name, schema })),
  ];
  return fields.flatMap(({ in: where, name, schema, description }) => {
    const kind = kindOf(name, schema, description);
    return kind ? [{ in: where, name, kind }] : [];
  });
}
