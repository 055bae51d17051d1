import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { operationIdFactory } from '../../../platform/common/openapi/document.js';
import { published } from '../../../platform/common/openapi/published.js';
import { describeLayerErrors } from './describe-layer-errors.js';
import { isForLayer } from './is-for-layer.js';

const DESCRIPTION = `
Layer's Client API, as its SDKs and apps speak it: the same customers, channels and messages as in the core, in other
words. A client is an app, a customer an identity, a channel a conversation.

Every request says \`Accept: application/vnd.layer+json; version=3.0\` (or \`2.0\`), and, but for those that make a session,
\`Authorization: Layer session-token="cst_…"\`. Times are ISO 8601, ids are Layer URIs; a bare UUID does as well. Lists page
with \`page_size\` and \`from_id\`. A POST with \`X-HTTP-Method-Override\` is taken for a PUT, PATCH or DELETE.
`.trim();

/** The OpenAPI document of this dialect. */
export function buildLayerDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Parlance: Layer dialect')
    .setVersion('3')
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addSecurity('layer_session', {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: 'Layer session-token="cst_…"',
    })
    .addTag('sessions', 'Saying who one is.')
    .addTag('conversations', 'Who talks with whom.')
    .addTag('messages', 'What they say.')
    .addTag('content', 'What is too large for a message.')
    .addTag('announcements', 'What the app itself says to its users.')
    .addTag('push_tokens', 'Devices that are told while no socket is open.')
    .addTag('identities', 'Who there is, and whom one follows.')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  return published(document, (path) => isForLayer({ path }), describeLayerErrors);
}
