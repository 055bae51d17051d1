import type { OpenAPIObject } from '@nestjs/swagger';
import { withExamples } from './examples.js';
import { forGenerators } from './for-generators.js';
import { partOf } from './part-of.js';
import { inReadingOrder } from './reading-order.js';
import type { ScannedRoutes } from './scan.js';
import { renameSchemas } from './schema-names.js';
import { withUnions } from './union.js';

/**
 * The document of some of the routes.
 * @param head all of it but the routes
 * @param describe adds what is true of all of those
 */
export function published(
  head: Omit<OpenAPIObject, 'paths'>,
  routes: ScannedRoutes,
  isIn: (path: string) => boolean,
  describe: (part: OpenAPIObject) => OpenAPIObject,
): OpenAPIObject {
  const components = { ...head.components, ...routes.components };
  // In the order in which Nest writes them.
  const { openapi, ...rest } = head;
  const document = { openapi, paths: routes.paths, ...rest, components };
  return inReadingOrder(withExamples(forGenerators(describe(renameSchemas(partOf(withUnions(document), isIn))))));
}
