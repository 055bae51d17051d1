import { ApiSchema } from '@nestjs/swagger';
import { ChoiceList, Flag, Text } from '../../platform/common/fields/fields.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
  ShownTime,
} from '../../platform/common/openapi/shown.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { WEBHOOK_EVENTS } from '../../platform/outbox/event-types.js';
import { FURTHER_TYPES } from '../events/further-events.js';

/** What an endpoint may ask for: single events, or all of them. */
const CHOICES = ['*', ...WEBHOOK_EVENTS] as const;
const URL = {
  max: 2048,
  example: 'https://example.com/webhooks',
  description:
    'Where to send events: a URL of a public host. `https` only for live clients; test clients may use `http` and, outside production, localhost.',
} as const;
const EVENTS = 'The types of events to send; `*` means all of them.';
const ENABLED = 'False pauses the endpoint: its events are kept for seven days and sent once it is enabled.';
const DESCRIPTION = {
  max: 255,
  example: 'The shop',
  optional: true,
  description: 'Your own note about the endpoint.',
} as const;

@RequestSchema('A new webhook endpoint.')
export class CreateWebhookEndpointDto {
  @Text(URL)
  readonly url!: string;

  @ChoiceList(CHOICES, { description: EVENTS, also: FURTHER_TYPES })
  readonly events!: readonly string[];

  @Flag({ optional: true, example: true, description: ENABLED })
  readonly enabled?: boolean | null;

  @Text(DESCRIPTION)
  readonly description?: string | null;
}

@RequestSchema('Changes to a webhook endpoint.')
export class UpdateWebhookEndpointDto {
  @Text({ ...URL, optional: true })
  readonly url?: string | null;

  @ChoiceList(CHOICES, { optional: true, description: EVENTS, also: FURTHER_TYPES })
  readonly events?: readonly string[] | null;

  @Flag({ optional: true, example: true, description: ENABLED })
  readonly enabled?: boolean | null;

  @Text(DESCRIPTION)
  readonly description?: string | null;
}

export class ListWebhookEndpointsQuery extends ListQuery('webhook_endpoint') {}

@ApiSchema({ description: 'An endpoint that events are sent to.' })
export class WebhookEndpointDto {
  @ObjectType('webhook_endpoint')
  readonly object!: 'webhook_endpoint';

  @ShownId('webhook_endpoint', { description: 'The id of the webhook endpoint.' })
  readonly id!: string;

  @Shown({
    format: 'uri',
    maxLength: URL.max,
    example: 'https://example.com/webhooks',
    description: 'Where events are sent.',
  })
  readonly url!: string;

  @Shown({ type: 'array', items: { type: 'string', enum: [...CHOICES] }, example: ['*'], description: EVENTS })
  readonly events!: readonly string[];

  @Shown({ example: true, description: 'False if you paused it, if it failed for five days, or if it answered 410.' })
  readonly enabled!: boolean;

  @Shown({
    type: String,
    maxLength: 255,
    nullable: true,
    example: 'The shop',
    description: 'Your own note about the endpoint; null if there is none.',
  })
  readonly description!: string | null;

  @ShownTime({
    nullable: true,
    example: null,
    description: 'When deliveries began to fail; null if the last one succeeded.',
  })
  readonly failing_since!: number | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ description: 'An endpoint that events are sent to, with its secret.' })
export class WebhookEndpointWithSecretDto extends WebhookEndpointDto {
  @Shown({
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD3F9pjbnqF8A=',
    pattern: '^whsec_[A-Za-z0-9+/]+=*$',
    maxLength: 100,
    description: 'The secret to verify signatures with (Standard Webhooks 1.0.0); shown only in this answer.',
  })
  readonly secret!: string;
}
