import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { describeWebhooks } from '../../../notify/webhooks/webhook-document.js';
import { describeErrors } from '../../../platform/common/openapi/errors.js';
import { partOf } from '../../../platform/common/openapi/part-of.js';
import { published } from '../../../platform/common/openapi/published.js';
import type { ScannedRoutes } from '../../../platform/common/openapi/scan.js';
import { ENGAGEMENT_EVENTS } from '../events/event.dto.js';
import { describeEngagementErrors } from './describe-engagement-errors.js';
import { FOR_OPERATORS, isForEngagement } from './is-for-engagement.js';
import { withoutUnused } from './without-unused.js';

const DESCRIPTION = `
Contacts and the team’s inbox, on the same data as the core API under other names: a workspace is a client, a contact a
customer, a conversation a channel.

Everybody sends \`Authorization: Bearer …\`: a user’s personal token (\`pat_…\`, of one workspace, with scopes), a user’s session
(\`ust_…\`, for the workspace in \`X-Workspace-Id\` or the active one), or a secret key of the workspace (\`sk_…\`), which acts as an
\`admin\` who is no user. Operations name the scope and the role they need; every role includes those before it: \`viewer\`,
\`agent\`, \`admin\`, \`owner\`.

Times are in ISO 8601 with milliseconds, in UTC. Each object has an \`id\`, a number in its workspace, and a \`uuid\`; wherever an id
is taken, so is the UUID. Lists have pages, by \`page\` and \`per_page\`, or go on \`after\` an item. Unknown fields and query parameters
are refused, but an object’s own read-only fields may be sent back and are ignored. A POST with an \`Idempotency-Key\` takes effect
at most once.

A 422 has either \`errors\`, by field, or a \`message\`, if no field is to blame. Every answer says how many requests are left.
`.trim();

/** The OpenAPI document of this dialect. */
export function buildEngagementDocument(routes: ScannedRoutes): OpenAPIObject {
  const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const;
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Parlance: engagement')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addSecurity('personal_token', bearer('A personal token of a user: pat_test_… or pat_live_….'))
    .addSecurity('user_session', bearer('The token of a user’s session: ust_….'))
    .addSecurity('api_key', bearer('A secret key of the workspace: sk_test_… or sk_live_…. It needs no public key.'))
    .addSecurity('session_token', bearer('The token of a customer’s session: cst_test_… or cst_live_….'))
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-Public-Key', description: 'The public key of the workspace.' },
      'public_key',
    )
    .addSecurity('admin_key', bearer('The operator’s key: the server’s ADMIN_KEY.'))
    .addTag('auth', 'Sign up, log in and out.')
    .addTag('workspace', 'The user who asks, the workspace, and its limits.')
    .addTag('contacts', 'People the workspace knows: customers that are persons.')
    .addTag('tags', 'Words that contacts are marked with.')
    .addTag('segments', 'Contacts that a filter finds, or that were put together by hand.')
    .addTag('suppressions', 'E-mail addresses that get nothing unasked.')
    .addTag('email_accounts', 'Addresses that mails go out by and come in to.')
    .addTag('canned_responses', 'What is answered often.')
    .addTag('conversations', 'The inbox: what is said with contacts, by whichever channel, and what the team notes.')
    .addTag('campaigns', 'Mails to many contacts.')
    .addTag('live_chat', 'Desks that customers chat with.')
    .addTag('workflows', 'What is done by itself when something happens.')
    .addTag('knowledge_base', 'What the team knows, to answer from.')
    .addTag('ai', 'What models write and read out of texts, by a provider of your choice.')
    .addTag('analytics', 'How much happened, by day and by user.')
    .addTag('admin', 'What the operator of the server sets of one client; errors are told as in the core API.')
    .addTag('events', 'What webhook endpoints of the core API may ask for by name, beside the events there.')
    .build();
  const webhooks = describeWebhooks(ENGAGEMENT_EVENTS, 'events');
  return published(
    { ...config, webhooks },
    routes,
    (path) => isForEngagement({ path }) || isForOperators(path),
    describeFailures,
  );
}

function isForOperators(path: string): boolean {
  return FOR_OPERATORS.includes(path);
}

/** Operators are told errors as the core tells them. */
function describeFailures(document: OpenAPIObject): OpenAPIObject {
  const operators = describeErrors(partOf(document, isForOperators));
  const own = describeEngagementErrors(partOf(document, (path) => !isForOperators(path)));
  return withoutUnused({
    ...own,
    paths: { ...own.paths, ...operators.paths },
    components: {
      ...{ ...operators.components, ...own.components },
      schemas: { ...own.components?.schemas, ...operators.components?.schemas },
      headers: { ...operators.components?.headers, ...own.components?.headers },
    },
  });
}
