import type { OpenAPIObject } from '@nestjs/swagger';

const SCHEMAS = '#/components/schemas/';

/**
 * Calls each schema what a client's code is to call it: `LayerMessageDto` is `Message` in the document it is in.
 * @throws Error where two would be called the same
 */
export function renameSchemas(document: OpenAPIObject): OpenAPIObject {
  const entries = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [nameOf(name), schema]);
  const schemas = Object.fromEntries(entries) as Record<string, never>;
  if (Object.keys(schemas).length < entries.length) {
    const names = entries.map(([name]) => name);
    throw new Error(`Two schemas would be called ${names.find((name, at) => names.indexOf(name) < at) as string}`);
  }
  const renamed = { ...document, components: { ...document.components, schemas } };
  return JSON.parse(JSON.stringify(renamed), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(SCHEMAS) ? SCHEMAS + nameOf(value.slice(SCHEMAS.length)) : value,
  ) as OpenAPIObject;
}

function nameOf(className: string): string {
  return className.replace(/^(Layer|Sms|Engagement)|Dto$/g, '');
}
