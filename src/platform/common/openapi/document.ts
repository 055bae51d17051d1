import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DESCRIPTION } from './description.js';
import { describeErrors } from './errors.js';
import { published } from './published.js';
import { describeScopes } from './scopes.js';

/**
 * The OpenAPI document, from the decorators of the routes and what is true of all of them.
 * @param isElsewhere whether a path stands in the document of a dialect
 */
export function buildDocument(app: INestApplication, isElsewhere: (path: string) => boolean): OpenAPIObject {
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
      description: 'The session of one customer: cst_test_… or cst_live_…. Needs no public key.',
    })
    .addSecurity('admin_key', { type: 'http', scheme: 'bearer', description: 'The ADMIN_KEY of the operator.' })
    .addTag('client', 'The client that the keys belong to.')
    .addTag('customers', 'The people a client sends messages for.')
    .addTag('channels', 'Where two or more customers talk.')
    .addTag('messages', 'What they say there.')
    .addTag('files', 'What they send beside words.')
    .addTag('realtime', 'Sockets, for libraries that speak the Pusher Channels protocol.')
    .addTag('events', 'What happened, of the last seven days.')
    .addTag('webhooks', 'Where events are sent, and what became of each.')
    .addTag('announcements', 'What a client says to many customers at once, each of whom reads it alone.')
    .addTag('push', 'Notifications on devices, for customers who have no socket open.')
    .addTag('admin', 'Clients and their keys, for the operator.')
    .addTag('health', 'Whether this server is up, for the machines that watch it.')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  return published(
    document,
    (path) => !isElsewhere(path),
    (part) => describeErrors(describeScopes(part)),
  );
}

/** `AdminClientsController.create` → `adminClientsCreate`: the name of a method in generated clients, so it stays. */
export function operationIdFactory(controller: string, method: string): string {
  const resource = controller.replace(/^Layer|Controller$/g, '');
  return `${resource[0]!.toLowerCase()}${resource.slice(1)}${method[0]!.toUpperCase()}${method.slice(1)}`;
}
