import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { DESCRIPTION } from './description.js';
import { describeErrors } from './errors.js';
import { published } from './published.js';
import type { ScannedRoutes } from './scan.js';
import { describeScopes } from './scopes.js';

/**
 * The OpenAPI document, from the decorators of the routes and what is true of all of them.
 * @param isElsewhere whether a path stands in the document of a dialect
 */
export function buildDocument(
  routes: ScannedRoutes,
  isElsewhere: (path: string) => boolean,
  webhooks: OpenAPIObject['webhooks'],
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Parlance')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addSecurity('secret_key', {
      type: 'http',
      scheme: 'bearer',
      description: 'A secret key of the client: sk_test_… or sk_live_….',
    })
    .addSecurity('public_key', {
      type: 'apiKey',
      in: 'header',
      name: 'X-Public-Key',
      description: 'The public key of the client: pk_test_… or pk_live_….',
    })
    .addSecurity('session_token', {
      type: 'http',
      scheme: 'bearer',
      description: 'The token of a customer session: cst_test_… or cst_live_…. It needs no public key.',
    })
    .addSecurity('admin_key', {
      type: 'http',
      scheme: 'bearer',
      description: 'The operator’s key: the server’s ADMIN_KEY.',
    })
    .addTag('client', 'Your own account: the client your keys belong to.')
    .addTag('customers', 'The people who send and receive messages.')
    .addTag('channels', 'Conversations between two or more customers.')
    .addTag('messages', 'Messages in channels, and their receipts.')
    .addTag('files', 'Files to send in messages.')
    .addTag('realtime', 'Real-time updates over WebSockets, for libraries that speak the Pusher Channels protocol.')
    .addTag('events', 'What happened in the last seven days.')
    .addTag('webhooks', 'Endpoints of yours that events are sent to, and every delivery to them.')
    .addTag('announcements', 'Messages from you to many customers at once.')
    .addTag('push', 'Push notifications for customers who have no socket open.')
    .addTag('admin', 'Clients and their keys, for the operator of the server.')
    .addTag('health', 'Health checks for load balancers and orchestrators.')
    .build();
  return published(
    { ...config, webhooks },
    routes,
    (path) => !isElsewhere(path),
    (part) => describeErrors(describeScopes(part)),
  );
}
