import type { Type } from '@nestjs/common';
import { ApiExtraModels, getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';

interface UnionSchema {
  readonly oneOf: ReadonlyArray<{ readonly $ref: string }>;
  readonly discriminator: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
  readonly description: string;
}

const UNIONS = new Map<string, UnionSchema>();

/**
 * A class that is one of several, told apart by a property: Nest has no word for that.
 * @param members by the value of that property
 */
export function Union(
  propertyName: string,
  members: Readonly<Record<string, Type>>,
  description: string,
): ClassDecorator {
  return (target) => {
    ApiExtraModels(...Object.values(members))(target);
    const mapping = Object.fromEntries(Object.entries(members).map(([value, one]) => [value, getSchemaPath(one)]));
    UNIONS.set(target.name, {
      oneOf: Object.values(mapping).map(($ref) => ({ $ref })),
      discriminator: { propertyName, mapping },
      description,
    });
  };
}

/** The document with what Nest made of such classes replaced. */
export function withUnions(document: OpenAPIObject): OpenAPIObject {
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [
    name,
    UNIONS.get(name) ?? schema,
  ]);
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) as never } };
}
