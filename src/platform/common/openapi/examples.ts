import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly example?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}
interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema; example?: unknown }>>;
}

/** Gives each answer an example, made of those of its properties: what generators and mock servers show whole. */
export function withExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const answers = Object.values(document.paths)
    .flatMap((path) => Object.values(path) as { readonly responses: Readonly<Record<string, Answer>> }[])
    .flatMap(({ responses }) => Object.values(responses));
  for (const { content = {} } of answers) {
    for (const media of Object.values(content)) {
      media.example ??= exampleOf(media.schema ?? {}, schemas);
    }
  }
  return document;
}

function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  if ('example' in schema) {
    return schema.example;
  }
  if ('const' in schema) {
    return schema.const;
  }
  if (schema.$ref !== undefined) {
    return exampleOf(schemas[schema.$ref.split('/').at(-1)!]!, schemas);
  }
  const [choice] = schema.allOf ?? schema.oneOf ?? schema.anyOf ?? [];
  if (choice) {
    return exampleOf(choice, schemas);
  }
  if (schema.items) {
    return [exampleOf(schema.items, schemas)];
  }
  // What is not always there is left out: some of it excludes other things.
  return schema.properties
    ? Object.fromEntries((schema.required ?? []).map((name) => [name, exampleOf(schema.properties![name]!, schemas)]))
    : schema.enum?.[0];
}
