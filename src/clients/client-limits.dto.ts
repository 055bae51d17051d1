import { ApiSchema } from '@nestjs/swagger';
import { Integer } from '../platform/common/fields/integer.js';
import { ObjectType, RequestSchema, Shown } from '../platform/common/openapi/shown.js';
import type { RateName } from '../platform/common/rate-limit/named-limits.js';

const [MIN, MAX, EXAMPLE] = [1, 1_000_000, 120];

const COUNTED: Readonly<Record<RateName, string>> = {
  api: 'all requests of a user; those of a key have the `rate_limit` of the client',
  import_export: 'imports and exports',
  live_chat: 'conversations begun in a live chat, by a session or a visitor’s address',
  kb_scrape: 'pages read into the knowledge base',
  ai_reply: 'replies that a model writes',
  ai_sentiment: 'texts whose mood a model tells',
  campaign_send: 'campaigns sent, and tests of them',
};

const Given = (name: RateName): PropertyDecorator =>
  Integer({
    ...{ optional: true, min: MIN, max: MAX, example: EXAMPLE },
    description: `How many a minute: ${COUNTED[name]}. Null, or left out: the setting of the server.`,
  });
const Told = (name: RateName): PropertyDecorator =>
  Shown({
    ...{ type: 'integer', minimum: MIN, maximum: MAX, nullable: true, example: EXAMPLE },
    description: `How many a minute: ${COUNTED[name]}. Null: the setting of the server.`,
  });

@RequestSchema('What a client is to have of its own.')
export class SetClientLimitsDto implements Readonly<Partial<Record<RateName, number | null>>> {
  @Given('api')
  readonly api?: number | null;

  @Given('import_export')
  readonly import_export?: number | null;

  @Given('live_chat')
  readonly live_chat?: number | null;

  @Given('kb_scrape')
  readonly kb_scrape?: number | null;

  @Given('ai_reply')
  readonly ai_reply?: number | null;

  @Given('ai_sentiment')
  readonly ai_sentiment?: number | null;

  @Given('campaign_send')
  readonly campaign_send?: number | null;
}

@ApiSchema({ description: 'What a client has of its own, by the names of `GET /api/v1/limits`.' })
export class ClientLimitsDto implements Readonly<Record<RateName, number | null>> {
  @ObjectType('client_limits')
  readonly object!: 'client_limits';

  @Told('api')
  readonly api!: number | null;

  @Told('import_export')
  readonly import_export!: number | null;

  @Told('live_chat')
  readonly live_chat!: number | null;

  @Told('kb_scrape')
  readonly kb_scrape!: number | null;

  @Told('ai_reply')
  readonly ai_reply!: number | null;

  @Told('ai_sentiment')
  readonly ai_sentiment!: number | null;

  @Told('campaign_send')
  readonly campaign_send!: number | null;
}
