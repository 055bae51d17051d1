import {
  AUDIENCE_TYPES,
  CAMPAIGN_STATUSES,
  CAMPAIGN_TYPES,
  type AudienceType,
  type CampaignStatus,
  type CampaignType,
} from '../../../engagement/campaigns/campaign.entity.js';
import { RECIPIENT_STATUSES, type RecipientStatus } from '../../../engagement/campaigns/campaign-recipient.entity.js';
import type { CampaignSort } from '../../../engagement/campaigns/campaigns.sql.js';
import { EmailList } from '../../../platform/common/fields/email-list.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice, Flag, Text } from '../../../platform/common/fields/fields.js';
import { isObject, unstorablePart } from '../../../platform/common/fields/json-value.js';
import { Line } from '../../../platform/common/fields/line.js';
import { Moment } from '../../../platform/common/fields/moment.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';
import { ListQuery, SortBy } from '../http/list-query.js';
import { Search } from '../http/query-fields.js';
import { Ref, RefList } from '../http/ref-fields.js';
import { AbTestInputDto, MAX_BODY, VariantField } from './ab-test-input.dto.js';

const MAX_CONTACTS = 10_000;
const MAX_TAGS = 100;
const MAX_TEST_MAILS = 5;
/** What is shown of a campaign and not set. */
const READ_ONLY = [
  ...[
    'id',
    'uuid',
    'status',
    'status_reason',
    'started_at',
    'sent_at',
    'recipients_count',
    'skipped_count',
    'sent_count',
  ],
  ...[
    'failed_count',
    'bounced_count',
    'unknown_count',
    'opened_count',
    'clicked_count',
    'machine_opens',
    'machine_clicks',
  ],
  ...['unsubscribed_count', 'replied_count', 'open_rate', 'click_rate', 'created_at', 'winner', 'winner_due_at'],
] as const;
const SORTS: readonly [CampaignSort, ...CampaignSort[]] = [
  ...(['created_at', 'name', 'status', 'recipients_count', 'sent_at', 'scheduled_at'] as const),
];

export class ListCampaignsQuery extends ListQuery {
  @Choice(CAMPAIGN_STATUSES, { optional: true, description: 'Only those in this state.' })
  readonly status?: CampaignStatus | null;

  @Choice(CAMPAIGN_TYPES, { optional: true, description: 'Only those of this type.' })
  readonly type?: CampaignType | null;

  @Search('In the name and the subject.')
  readonly search?: string | null;

  @SortBy(SORTS)
  readonly sortBy?: CampaignSort | null;
}

export class ListRecipientsQuery extends ListQuery {
  @Choice(RECIPIENT_STATUSES, { optional: true, description: 'Only those in this state.' })
  readonly status?: RecipientStatus | null;

  @Search('In names, e-mail address, company and phone number of the contact.')
  readonly search?: string | null;
}

@RequestSchema('What is noticed of those who read a campaign.')
class TrackingInputDto {
  @Flag({ optional: true, example: true, description: 'Whether it is noticed that a mail is opened.' })
  readonly opens?: boolean | null;

  @Flag({ optional: true, example: true, description: 'Whether it is noticed that a link is followed.' })
  readonly clicks?: boolean | null;
}

function TypeField(): PropertyDecorator {
  return field({
    optional: true,
    check: (value) =>
      (CAMPAIGN_TYPES as readonly unknown[]).includes(value)
        ? null
        : value === 'drip'
          ? { says: 'can not be drip: a workflow with waits does that.' }
          : { says: 'must be one of broadcast, ab_test.' },
    schema: {
      ...{ type: String, enum: [...CAMPAIGN_TYPES], example: 'broadcast' },
      description:
        'What kind of campaign it is: `broadcast` if left out, `ab_test` to try variants. For a drip, make a workflow with waits.',
    },
  });
}

/** What a new campaign and a changed one share. */
class CampaignFieldsDto {
  @TypeField()
  readonly type?: CampaignType | null;

  @Nested(AbTestInputDto, {
    name: 'ab_test',
    optional: true,
    description: 'What an A/B test tries: all of it, if given.',
  })
  readonly abTest?: AbTestInputDto | null;

  @Line({
    ...{ max: 500, optional: true, example: 'Hello {{first_name|there}}!' },
    description: 'The subject. `{{first_name}}` and the like are filled in.',
  })
  readonly subject?: string | null;

  @Line({
    ...{ name: 'preview_text', max: 255, optional: true, example: 'Only this week' },
    description: 'What a list of mails shows beside the subject.',
  })
  readonly previewText?: string | null;

  @Text({
    ...{ name: 'html_body', max: MAX_BODY, optional: true, example: '<p>Hello {{first_name|there}}</p>' },
    description:
      'What it says, in HTML. It is made safe when it is sent; without `{{unsubscribe_url}}` a line with the link is added.',
  })
  readonly htmlBody?: string | null;

  @Text({
    ...{ name: 'body_html', max: MAX_BODY, optional: true, example: '<p>Hello</p>' },
    description: 'The same by another name: one of the two is enough.',
  })
  readonly bodyHtml?: string | null;

  @Text({
    ...{ name: 'text_body', max: MAX_BODY, optional: true, example: 'Hello {{first_name|there}}' },
    description: 'What it says to programs without HTML; made of the HTML if left out.',
  })
  readonly textBody?: string | null;

  @field({
    name: 'body_json',
    optional: true,
    check: (value) =>
      !isObject(value)
        ? { says: 'must be an object.' }
        : unstorablePart(value)
          ? { says: `contains ${unstorablePart(value)!}.` }
          : Buffer.byteLength(JSON.stringify(value)) > MAX_BODY
            ? { says: `must not be greater than ${MAX_BODY / 1024} KB.` }
            : null,
    schema: {
      type: 'object',
      additionalProperties: true,
      nullable: true,
      example: { blocks: [] },
      description: 'Of a program that draws mails: kept and returned, not read. At most 512 KB.',
    },
  })
  readonly bodyJson?: Record<string, unknown> | null;

  @Choice(AUDIENCE_TYPES, {
    name: 'audience_type',
    optional: true,
    description:
      'Whom it is for: `all` contacts, a `segment` (`audience_id`), a `list`, which is a static segment, `tags` (`tag_ids`), a `filter`, or `contacts` (`contact_ids`).',
  })
  readonly audienceType?: AudienceType | null;

  @Ref({ name: 'audience_id', optional: true, description: 'The segment it is for.' })
  readonly audienceId?: ObjectRef | null;

  @Ref({ name: 'segment_id', optional: true, excludes: 'audienceId', description: 'The same by another name.' })
  readonly segmentId?: ObjectRef | null;

  @RefList({ name: 'tag_ids', max: MAX_TAGS, optional: true, description: 'Contacts with any of these tags.' })
  readonly tagIds?: readonly ObjectRef[] | null;

  @field({
    name: 'filter',
    optional: true,
    check: () => null,
    schema: {
      ...{ type: 'object', additionalProperties: true, nullable: true },
      example: { all: [{ field: 'lead_score', op: 'gte', value: 50 }] },
      description: 'A filter as that of a segment.',
    },
  })
  readonly filter?: unknown;

  @RefList({
    ...{ name: 'contact_ids', typeId: 'customer', max: MAX_CONTACTS, optional: true },
    description: 'These contacts.',
  })
  readonly contactIds?: readonly ObjectRef[] | null;

  @Ref({
    ...{ name: 'email_account_id', optional: true },
    description: 'The email account it is sent by; the default one if left out.',
  })
  readonly emailAccountId?: ObjectRef | null;

  @Moment({
    ...{ name: 'scheduled_at', optional: true },
    description: 'When it is to be sent, once it is: in the future. With no time it is sent at once.',
  })
  readonly scheduledAt?: Date | null;

  @Nested(TrackingInputDto, { optional: true, description: 'What is noticed of those who read it: all, if left out.' })
  readonly tracking?: TrackingInputDto | null;
}

@RequestSchema('A new campaign.')
@PassesOver(...READ_ONLY)
export class CreateCampaignDto extends CampaignFieldsDto {
  @Text({ max: 255, example: 'April Promo', description: 'The name, for the team.' })
  readonly name!: string;
}

@RequestSchema('What of a campaign is to be changed; what is left out stays.')
@PassesOver(...READ_ONLY)
export class UpdateCampaignDto extends CampaignFieldsDto {
  @Text({ max: 255, optional: true, example: 'April Promo', description: 'The name, for the team.' })
  readonly name?: string | null;
}

@RequestSchema('When to send a campaign.')
export class SendCampaignDto {
  @Moment({
    ...{ name: 'scheduled_at', optional: true },
    description: 'When: at most a year from now. If left out, when the campaign says, or else now.',
  })
  readonly scheduledAt?: Date | null;
}

@RequestSchema('Whose eyes to read a campaign with.')
export class PreviewCampaignDto {
  @Ref({
    ...{ name: 'contact_id', typeId: 'customer', optional: true },
    description: 'What this contact would read; if left out, somebody of whom nothing is known.',
  })
  readonly contactId?: ObjectRef | null;

  @VariantField('Which of an A/B test; the first if left out.', true)
  readonly variant?: string | null;
}

@RequestSchema('Who is to try a campaign out.')
export class TestCampaignDto {
  @EmailList({
    min: 1,
    max: MAX_TEST_MAILS,
    description: 'Where to: at most 5. How often one is named does not matter.',
  })
  readonly emails!: readonly string[];

  @VariantField('Which of an A/B test; the first if left out.', true)
  readonly variant?: string | null;
}
