import type { INestApplication } from '@nestjs/common';
import type { Dialect } from './dialects/dialect.js';
import { DIALECTS } from './dialects/index.js';
import { describeWebhooks } from './notify/webhooks/webhook-document.js';
import { buildDocument } from './platform/common/openapi/document.js';
import { scanRoutes } from './platform/common/openapi/scan.js';
import type { ServedDocument } from './platform/common/openapi/serve-documents.js';

/** Those that were made: they say the same of each application with the same dialects, and take longer than all else of a start. */
const made = new WeakMap<readonly Dialect[], readonly ServedDocument[]>();

/** The core's, and one of each dialect that has routes of its own kind. */
export function documentsOf(app: INestApplication, dialects: readonly Dialect[] = DIALECTS): readonly ServedDocument[] {
  const documents = made.get(dialects) ?? makeDocuments(app, dialects);
  made.set(dialects, documents);
  return documents;
}

function makeDocuments(app: INestApplication, dialects: readonly Dialect[]): ServedDocument[] {
  const own = dialects.flatMap(({ document, ...dialect }) => (document ? [{ ...dialect, document }] : []));
  const isElsewhere = (path: string): boolean =>
    own.some(({ mountedAt }) => mountedAt.some((root) => path === root || path.startsWith(`${root}/`)));
  const routes = scanRoutes(app);
  return [
    { name: 'Parlance', url: '/openapi.json', document: buildDocument(routes, isElsewhere, describeWebhooks()) },
    ...own.map(({ name, document }) => ({
      name,
      url: `/openapi-${name.toLowerCase().replace(/ .*/, '')}.json`,
      document: document(routes),
    })),
  ];
}
