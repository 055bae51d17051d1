import { ChoiceList, exampleId, Flag, Text } from '../../platform/common/fields/fields.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { WEBHOOK_EVENTS } from '../../platform/outbox/event-types.js';

/** What an endpoint may ask for: single events, or all of them. */
const CHOICES = ['*', ...WEBHOOK_EVENTS] as const;
const MOMENT = { type: 'integer', format: 'int64', example: 1_735_689_600 } as const;

const URL = {
  max: 2048,
  example: 'https://example.com/webhooks',
  description: 'Of a public host; `http` for test clients only, and this machine for them outside production.',
} as const;
const EVENTS = 'Names of events; `*` is every one.';
const ENABLED = 'Nothing is sent while it is false; what was to be sent waits, for seven days.';
const DESCRIPTION = { max: 255, example: 'The shop', optional: true } as const;

export class CreateWebhookEndpointDto {
  @Text(URL)
  readonly url!: string;

  @ChoiceList(CHOICES, { description: EVENTS })
  readonly events!: readonly string[];

  @Flag({ optional: true, example: true, description: ENABLED })
  readonly enabled?: boolean | null;

  @Text(DESCRIPTION)
  readonly description?: string | null;
}

export class UpdateWebhookEndpointDto {
  @Text({ ...URL, optional: true })
  readonly url?: string | null;

  @ChoiceList(CHOICES, { optional: true, description: EVENTS })
  readonly events?: readonly string[] | null;

  @Flag({ optional: true, example: true, description: ENABLED })
  readonly enabled?: boolean | null;

  @Text(DESCRIPTION)
  readonly description?: string | null;
}

export class ListWebhookEndpointsQuery extends ListQuery('webhook_endpoint') {}

export class WebhookEndpointDto {
  @Shown({ enum: ['webhook_endpoint'], type: String })
  readonly object!: 'webhook_endpoint';

  @Shown({ example: exampleId('webhook_endpoint') })
  readonly id!: string;

  @Shown({ example: 'https://example.com/webhooks' })
  readonly url!: string;

  @Shown({ type: 'array', items: { type: 'string', enum: [...CHOICES] }, example: ['*'] })
  readonly events!: readonly string[];

  @Shown({ example: true, description: 'False also after it failed for five days, or answered 410.' })
  readonly enabled!: boolean;

  @Shown({ type: String, nullable: true, example: 'The shop' })
  readonly description!: string | null;

  @Shown({ ...MOMENT, nullable: true, example: null, description: 'The first failure since the last success.' })
  readonly failing_since!: number | null;

  @Shown(MOMENT)
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}

export class WebhookEndpointWithSecretDto extends WebhookEndpointDto {
  @Shown({
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD3F9pjbnqF8A=',
    description: 'Shown this once. Verify with it as Standard Webhooks says.',
  })
  readonly secret!: string;
}
