import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { published } from '../../../platform/common/openapi/published.js';
import type { ScannedRoutes } from '../../../platform/common/openapi/scan.js';
import { describeLayerErrors } from './describe-layer-errors.js';
import { isForLayer } from './is-for-layer.js';

const DESCRIPTION = `
Layer's Client API, for apps and SDKs that were written for Layer. It works on the same data as the core API under other
names: a client is an app, a customer an identity, a channel a conversation. Channels here are channels of the core as well:
those that everyone in the app can find by their name.

Every request needs \`Accept: application/vnd.layer+json; version=3.0\` (or \`2.0\`). All but those that create a session also
need \`Authorization: Layer session-token="cst_…"\`. Times are in ISO 8601. Ids are Layer URIs; a bare UUID is accepted too.
Lists have pages, by \`page_size\` and \`from_id\`. A POST with \`X-HTTP-Method-Override\` is treated as the PUT, PATCH or DELETE
it names.
`.trim();

/** The OpenAPI document of this dialect. */
export function buildLayerDocument(routes: ScannedRoutes): OpenAPIObject {
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
      description: 'The token of a session: Layer session-token="cst_…".',
    })
    .addTag('sessions', 'Log in with an identity token, and log out.')
    .addTag('conversations', 'Conversations between users.')
    .addTag('channels', 'Channels that everyone in the app can find and join.')
    .addTag('messages', 'Messages in conversations, and their receipts.')
    .addTag('content', 'Uploads too large for the body of a message.')
    .addTag('announcements', 'Messages from the app to its users.')
    .addTag('push_tokens', 'Devices that get push notifications.')
    .addTag('identities', 'Users, and those the user of the session follows.')
    .build();
  return published(config, routes, (path) => isForLayer({ path }), describeLayerErrors);
}
