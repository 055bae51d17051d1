import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { exampleId } from '../../platform/common/ids/type-id.js';
import { EVENT_SCHEMAS, type EventSchemas } from '../events/event.dto.js';

const HEADERS = {
  'webhook-id': {
    description: 'The id of the event, the same in every attempt: ignore those that you have seen.',
    schema: { type: 'string', maxLength: 30, example: exampleId('event') },
  },
  'webhook-timestamp': {
    description: 'When this attempt was made, in Unix seconds. Refuse those that are older than five minutes.',
    schema: { type: 'string', pattern: '^\\d+$', example: '1735689600' },
  },
  'webhook-signature': {
    description:
      'Signatures of `{webhook-id}.{webhook-timestamp}.{body}`, each `v1,` and a base64 HMAC-SHA256 with the signing secret, separated by spaces. One of them has to match; for a day after a rotation there are two.',
    schema: {
      type: 'string',
      pattern: '^v1,\\S+( v1,\\S+)*$',
      example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
    },
  },
} as const;

const RESPONSES = {
  '204': { description: 'Received. Every 2xx within 15 seconds is a success; the body is not read.' },
  '410': { description: 'Disables the endpoint.' },
  default: { description: 'Any other answer is a failure: the event is sent again later, ten times in all.' },
} as const;

/** What is sent to webhook endpoints, for each type of event. */
export function describeWebhooks(
  events: EventSchemas = EVENT_SCHEMAS,
  tag = 'webhooks',
): NonNullable<OpenAPIObject['webhooks']> {
  const webhooks = [...events].map(([type, { schema, says }]) => {
    const post = {
      operationId: operationIdOf(type),
      tags: [tag],
      summary: `Event ${type}`,
      description: `${says} Sent as [Standard Webhooks](https://www.standardwebhooks.com) say, whose libraries verify it.`,
      security: [],
      parameters: Object.entries(HEADERS).map(([name, header]) => ({ name, in: 'header', required: true, ...header })),
      requestBody: { required: true, content: { 'application/json': { schema: { $ref: getSchemaPath(schema) } } } },
      responses: RESPONSES,
    };
    return [type, { post }];
  });
  return Object.fromEntries(webhooks) as NonNullable<OpenAPIObject['webhooks']>;
}

/** `message.created` → `onMessageCreated` */
function operationIdOf(type: string): string {
  return `on${type.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}
