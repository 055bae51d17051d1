import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'express';
import { describeErrors } from './errors.js';
import { published } from './published.js';
import { SCOPE_TABLE } from '../tenancy/scopes.js';
import { describeScopes } from './scopes.js';

/** Where the core speaks; each dialect has a document of its own. */
const CORE = /^\/(api|admin|broadcasting|health)\//;

const DESCRIPTION = `
A multi-tenant messaging API. Every request carries a secret key (\`Authorization: Bearer sk_…\`), the client's public
key (\`X-Public-Key: pk_…\`) and an \`Origin\` that is one of the client's (\`Origin: https://example.com\`), from a server
too: without it the answer is 401, unless the \`Host\` is the client's or the operator has set the client's
\`origin_policy\` to \`if_present\`. A browser or an app must never hold a secret key: give it the token of a customer's
session (\`Authorization: Bearer cst_…\`), which needs neither public key nor \`Origin\`. A wrong \`Origin\` is always 401.

Times are Unix seconds, ids are [TypeIDs](https://github.com/jetify-com/typeid) and may be given as bare UUIDs too.
Lists page with \`limit\`, \`order\`, and \`starting_after\` or \`ending_before\`. A POST with an \`Idempotency-Key\` happens at most once.

A secret key has scopes. Each operation says which one it needs; \`*\` is all of them. A key that may write and not read is
not shown what was stored before: an answer leaves it empty.

${SCOPE_TABLE}
`.trim();

/** The OpenAPI document, from the decorators of the routes and what is true of all of them. */
export function buildDocument(app: INestApplication): OpenAPIObject {
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
    (path) => CORE.test(path),
    (part) => describeErrors(describeScopes(part)),
  );
}

export interface ServedDocument {
  /** What readers choose it by. */
  readonly name: string;
  /** Where it is: `/openapi.json`. */
  readonly url: string;
  readonly document: OpenAPIObject;
}

/** Swagger UI of all of them at `/docs`, the first one first; each document itself where it says. */
export function serveDocuments(app: INestApplication, documents: readonly ServedDocument[]): void {
  SwaggerModule.setup('docs', app, documents[0]!.document, {
    raw: false,
    explorer: true,
    customSiteTitle: 'Parlance API',
    swaggerOptions: {
      persistAuthorization: false,
      displayRequestDuration: true,
      // Loaded by its address, as the others are.
      spec: {},
      urls: documents.map(({ name, url }) => ({ name, url })),
    },
  });
  for (const { url, document } of documents) {
    const text = JSON.stringify(document);
    app.getHttpAdapter().get(url, (_: unknown, response: Response) => response.type('json').end(text));
  }
}

/** `AdminClientsController.create` → `adminClientsCreate`: the name of a method in generated clients, so it stays. */
export function operationIdFactory(controller: string, method: string): string {
  const resource = controller.replace(/^Layer|Controller$/g, '');
  return `${resource[0]!.toLowerCase()}${resource.slice(1)}${method[0]!.toUpperCase()}${method.slice(1)}`;
}
