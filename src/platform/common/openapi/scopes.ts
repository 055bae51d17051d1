import type { OpenAPIObject } from '@nestjs/swagger';
import { REQUIRED_SCOPE } from '../tenancy/access.js';
import { METHODS } from './errors.js';

/** Says in words, too, which scope each operation needs: Swagger UI shows no extensions. */
export function describeScopes(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as (OpenAPIObject['paths'][string]['get'] & Record<string, unknown>) | undefined;
      if (operation && REQUIRED_SCOPE in operation) {
        const scope = operation[REQUIRED_SCOPE] as string | null;
        const session = operation.security?.some((one) => 'session_token' in one) ? ' A session needs no scope.' : '';
        const says = scope === null ? 'Any secret key is enough.' : `Needs the scope \`${scope}\`.${session}`;
        operation.description = [operation.description, says].filter(Boolean).join('\n\n');
        if (scope === null) {
          delete operation[REQUIRED_SCOPE];
        }
      }
    }
  }
  return document;
}
