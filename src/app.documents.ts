import type { INestApplication } from '@nestjs/common';
import type { Dialect } from './dialects/dialect.js';
import { DIALECTS } from './dialects/index.js';
import { describeWebhooks } from './notify/webhooks/webhook-document.js';
import { buildDocument } from './platform/common/openapi/document.js';
import type { ServedDocument } from './platform/common/openapi/serve-documents.js';

/** The core's, and one of each dialect that has routes of its own kind. */
export function documentsOf(app: INestApplication, dialects: readonly Dialect[] = DIALECTS): ServedDocument[] {
  const own = dialects.flatMap(({ document, ...dialect }) => (document ? [{ ...dialect, document }] : []));
  const isElsewhere = (path: string): boolean =>
    own.some(({ mountedAt }) => mountedAt.some((root) => path === root || path.startsWith(`${root}/`)));
  return [
    { name: 'Parlance', url: '/openapi.json', document: buildDocument(app, isElsewhere, describeWebhooks()) },
    ...own.map(({ name, document }) => ({
      name,
      url: `/openapi-${name.toLowerCase().replace(/ .*/, '')}.json`,
      document: document(app),
    })),
  ];
}
