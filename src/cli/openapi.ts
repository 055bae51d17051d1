import { writeFileSync } from 'node:fs';
import { createApp } from '../app.js';
import { errorsMarkdown } from '../platform/common/errors/error-page.js';
import { buildDocument } from '../platform/common/openapi/document.js';
import { loadConfig } from '../config.js';
import { buildLayerDocument } from '../dialects/layer/http/layer-document.js';

/** Writes the OpenAPI documents and the list of errors; needs no database, as none is asked. */
const app = await createApp(loadConfig({}), 'postgres://127.0.0.1/none');
for (const [name, document] of [
  ['openapi', buildDocument(app)],
  ['openapi-layer', buildLayerDocument(app)],
] as const) {
  writeFileSync(`docs/${name}.json`, `${JSON.stringify(document, null, 2)}\n`);
}
writeFileSync('docs/errors.md', errorsMarkdown());
