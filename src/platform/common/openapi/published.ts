import type { OpenAPIObject } from '@nestjs/swagger';
import { withExamples } from './examples.js';
import { forGenerators } from './for-generators.js';
import { partOf } from './part-of.js';
import { inReadingOrder } from './reading-order.js';
import { renameSchemas } from './schema-names.js';
import { withUnions } from './union.js';

/**
 * What Nest made of all routes, as the document of some of them.
 * @param describe adds what is true of all of those
 */
export function published(
  document: OpenAPIObject,
  isIn: (path: string) => boolean,
  describe: (part: OpenAPIObject) => OpenAPIObject,
): OpenAPIObject {
  return inReadingOrder(withExamples(forGenerators(describe(renameSchemas(partOf(withUnions(document), isIn))))));
}
