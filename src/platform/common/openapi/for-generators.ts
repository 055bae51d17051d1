import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = Readonly<Record<string, unknown>>;

/** Says what Nest's decorators say in words that every generator of clients makes the right types of. */
export function forGenerators(document: OpenAPIObject): OpenAPIObject {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? parameter(nullableMap(constant(value as Schema)))
      : value,
  ) as OpenAPIObject;
}

/** An enum of one value is a constant: some make a type of each enum. */
function constant(schema: Schema): Schema {
  const { enum: values, ...rest } = schema;
  return Array.isArray(values) && values.length === 1 ? { ...rest, const: values[0] as unknown } : schema;
}

/** An object of any names, or null, in two schemas: oazapfts forgets the null where it is one. */
function nullableMap(schema: Schema): Schema {
  const { type, additionalProperties, ...rest } = schema;
  return Array.isArray(type) && type.includes('null') && additionalProperties
    ? { ...rest, anyOf: [{ type: 'object', additionalProperties }, { type: 'null' }] }
    : schema;
}

/** An optional field of a body may be null, and so Nest says of a parameter of the same kind; but that is there or not. */
function parameter(node: Schema): Schema {
  const schema = node.schema as Schema | undefined;
  return 'in' in node && Array.isArray(schema?.type)
    ? { ...node, schema: { ...schema, type: schema.type[0] as unknown } }
    : node;
}
