import type { OpenAPIObject } from '@nestjs/swagger';

/** The part of a document that is about these paths: without what it then has no use for. */
export function partOf(document: OpenAPIObject, isIn: (path: string) => boolean): OpenAPIObject {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => isIn(path)));
  const all = document.components?.schemas ?? {};
  const used = new Set<string>();
  const look = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (!used.has(name)) {
        used.add(name);
        look(all[name]);
      }
    }
  };
  look([paths, document.webhooks ?? {}]);
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return { ...document, paths, components: { ...document.components, schemas } };
}
