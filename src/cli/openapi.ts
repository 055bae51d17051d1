import { createApp } from '../app.js';
import { buildDocument } from '../common/openapi/document.js';
import { loadConfig } from '../config.js';

/** Prints the OpenAPI document; needs no database, as none is asked. */
const app = await createApp(loadConfig({}), 'postgres://127.0.0.1/none');
process.stdout.write(`${JSON.stringify(buildDocument(app), null, 2)}\n`);
