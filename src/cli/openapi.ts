import { writeFileSync } from 'node:fs';
import { documentsOf } from '../app.documents.js';
import { createApp } from '../app.js';
import { errorsMarkdown } from '../platform/common/errors/error-page.js';
import { loadConfig } from '../config.js';

/** Writes the OpenAPI documents and the list of errors; needs no database, as none is asked. */
const app = await createApp(loadConfig({}), 'postgres://127.0.0.1/none');
for (const { url, document } of documentsOf(app)) {
  writeFileSync(`docs${url}`, `${JSON.stringify(document, null, 2)}\n`);
}
writeFileSync('docs/errors.md', errorsMarkdown());
