import type { OpenAPIObject } from '@nestjs/swagger';

/** What no operation and no webhook speaks of would be noise, and is refused by whoever checks the document. */
export function withoutUnused(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {}, responses = {}, headers = {}, securitySchemes = {}, ...rest } = document.components ?? {};
  const used = <T>(kind: string, all: Record<string, T>, text: string): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)));
  const answers = used('responses', responses, JSON.stringify(document.paths));
  const text = JSON.stringify([document.paths, document.webhooks, schemas, answers]);
  const schemes = Object.entries(securitySchemes).filter(([name]) => text.includes(`{"${name}":[]}`));
  return {
    ...document,
    components: {
      ...rest,
      schemas: used('schemas', schemas, text),
      ...(Object.keys(answers).length > 0 ? { responses: answers } : {}),
      headers: used('headers', headers, text),
      securitySchemes: Object.fromEntries(schemes),
    },
  };
}
