import type { OpenAPIObject } from '@nestjs/swagger';

/** Says `const` where an enum has one value, which Nest's decorators can not: generators make a type of each enum. */
export function withConstants(document: OpenAPIObject): OpenAPIObject {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) => {
    if (!isSingle(value)) {
      return value;
    }
    const { enum: values, ...rest } = value;
    return { ...rest, const: values[0] };
  }) as OpenAPIObject;
}

function isSingle(value: unknown): value is { readonly enum: readonly [unknown] } {
  const values = (value as { readonly enum?: unknown } | null)?.enum;
  return Array.isArray(values) && values.length === 1;
}
