import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { published } from '../../../platform/common/openapi/published.js';
import type { ScannedRoutes } from '../../../platform/common/openapi/scan.js';
import { describeSmsErrors } from './describe-sms-errors.js';
import { isForSms } from './is-for-sms.js';

const DESCRIPTION = `
Workspaces for teams, and SMS and MMS. A workspace is a client of the core API under another name, with the same id. Users
sign in with an e-mail address and a password, and work in the workspaces they are members of, each as \`viewer\`, \`agent\`,
\`admin\` or \`owner\`; every role includes those before it.

Users send the token of their session (\`Authorization: Bearer ust_…\`); the same token opens the core API together with the
header \`X-Workspace-Id\`. Programs send the secret key of a workspace alone (\`Authorization: Bearer sk_…\`) to \`/api/messages\`.

Times are in ISO 8601 with milliseconds, in UTC. Ids are [TypeIDs](https://github.com/jetify-com/typeid); bare UUIDs are
accepted too. Lists have pages, by \`page\` and \`limit\`. Unknown fields and query parameters are refused. A POST under a
workspace with an \`Idempotency-Key\` takes effect at most once.
`.trim();

/** The OpenAPI document of this dialect. */
export function buildSmsDocument(routes: ScannedRoutes): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Parlance: workspaces and SMS')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addSecurity('user_session', {
      type: 'http',
      scheme: 'bearer',
      description: 'The token of a user’s session: ust_….',
    })
    .addSecurity('api_key', {
      type: 'http',
      scheme: 'bearer',
      description: 'A secret key of the workspace: sk_test_… or sk_live_…. It needs no public key.',
    })
    .addTag('auth', 'Sign up, log in, and manage your account and sessions.')
    .addTag('workspaces', 'Workspaces, their members, invitations and keys.')
    .addTag('numbers', 'Phone numbers and the provider that carries their messages.')
    .addTag('messages', 'Send and list text messages.')
    .addTag('templates', 'Texts that are sent often.')
    .addTag('conversations', 'Messages between one of your numbers and one contact.')
    .build();
  return published(config, routes, (path) => isForSms({ path }), describeSmsErrors);
}
