import { ApiSchema } from '@nestjs/swagger';
import {
  AUDIENCE_TYPES,
  CAMPAIGN_STATUSES,
  CAMPAIGN_TYPES,
  type AudienceType,
  type CampaignStatus,
  type CampaignType,
} from '../../../engagement/campaigns/campaign.entity.js';
import { RECIPIENT_STATUSES, type RecipientStatus } from '../../../engagement/campaigns/campaign-recipient.entity.js';
import type { Filter } from '../../../engagement/segments/filter.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { CampaignAbTestDto } from './ab-test.dto.js';
import { ShownRate, ShownText } from './shown-fields.js';

const ShownNumbers = (description: string): PropertyDecorator =>
  Shown({
    ...{ type: 'array', items: { type: 'integer', format: 'int64', minimum: 1 }, nullable: true },
    ...{ example: null, description },
  });

@ApiSchema({ description: 'What is noticed of those who read a campaign.' })
export class CampaignTrackingDto {
  @Shown({ type: Boolean, example: true, description: 'Whether it is noticed that a mail is opened.' })
  readonly opens!: boolean;

  @Shown({ type: Boolean, example: true, description: 'Whether it is noticed that a link is followed.' })
  readonly clicks!: boolean;
}

@ApiSchema({ description: 'What became of the mails of a campaign: people count once, machines apart.' })
export class CampaignCountsDto {
  @ShownCount({ example: 100, description: 'How many contacts it is for, as far as they are made out.' })
  readonly recipients_count!: number;

  @ShownCount({ example: 2, description: 'Those that may get nothing, or have no address.' })
  readonly skipped_count!: number;

  @ShownCount({ example: 95, description: 'Mails that were sent, those that came back included.' })
  readonly sent_count!: number;

  @ShownCount({ example: 2, description: 'Mails that no server took.' })
  readonly failed_count!: number;

  @ShownCount({ example: 1, description: 'Mails that came back.' })
  readonly bounced_count!: number;

  @ShownCount({ example: 1, description: 'Mails of which nobody knows whether they were taken.' })
  readonly unknown_count!: number;

  @ShownCount({ example: 40, description: 'People who opened it.' })
  readonly opened_count!: number;

  @ShownCount({ example: 12, description: 'People who followed a link.' })
  readonly clicked_count!: number;

  @ShownCount({ example: 30, description: 'Mails that a machine opened.' })
  readonly machine_opens!: number;

  @ShownCount({ example: 3, description: 'Mails whose links a machine followed.' })
  readonly machine_clicks!: number;

  @ShownCount({ example: 1, description: 'People who unsubscribed by it.' })
  readonly unsubscribed_count!: number;

  @ShownCount({ example: 2, description: 'People who answered it.' })
  readonly replied_count!: number;

  @ShownRate('opened by a person')
  readonly open_rate!: number;

  @ShownRate('followed by a person')
  readonly click_rate!: number;
}

@ApiSchema({ description: 'A campaign, as lists show it: without what it says.' })
export class CampaignSummaryDto extends CampaignCountsDto {
  @ShownNumber('The id of the campaign.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: 255, example: 'April Promo', description: 'Its name.' })
  readonly name!: string;

  @Shown({ type: String, enum: [...CAMPAIGN_TYPES], example: 'broadcast', description: 'What kind of campaign it is.' })
  readonly type!: CampaignType;

  @ShownText(500, 'Hello!', 'The subject; null if it has none yet.')
  readonly subject!: string | null;

  @ShownText(255, 'Only this week', 'What a list of mails shows beside the subject.')
  readonly preview_text!: string | null;

  @Shown({
    ...{ type: String, enum: [...AUDIENCE_TYPES], nullable: true, example: 'segment' },
    description: 'Whom it is for; null if nobody yet.',
  })
  readonly audience_type!: AudienceType | null;

  @ShownNumber('The segment it is for; null if it is for something else.', { nullable: true })
  readonly audience_id!: number | null;

  @ShownNumber('The email account it is sent by; null if the default one.', { nullable: true })
  readonly email_account_id!: number | null;

  @Shown({ type: CampaignTrackingDto, description: 'What is noticed of those who read it.' })
  readonly tracking!: CampaignTrackingDto;

  @Shown({ type: String, enum: [...CAMPAIGN_STATUSES], example: 'draft', description: 'Its state.' })
  readonly status!: CampaignStatus;

  @Shown({
    ...{ type: String, enum: ['missed', 'account_error', 'incomplete'], nullable: true, example: null },
    description:
      'Why it is paused, if nobody paused it: its time was over an hour ago when the server came back, its account does not work, or what it needs is gone.',
  })
  readonly status_reason!: string | null;

  @ShownMoment({ nullable: true, description: 'When it is to be sent.' })
  readonly scheduled_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When sending began.' })
  readonly started_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When nothing of it was left to send.' })
  readonly sent_at!: string | null;

  @ShownText(1, null, 'The letter of the variant that won an A/B test; null if none did yet.')
  readonly winner!: string | null;

  @ShownMoment({
    nullable: true,
    description: 'When the winner of an A/B test is chosen; null until the test has gone out.',
  })
  readonly winner_due_at!: string | null;

  @CreatedAt()
  readonly created_at!: string;
}

@ApiSchema({ description: 'A campaign.' })
export class CampaignDto extends CampaignSummaryDto {
  @Shown({ type: CampaignAbTestDto, nullable: true, description: 'What an A/B test tries; null if it is none.' })
  readonly ab_test!: CampaignAbTestDto | null;

  @ShownText(524_288, '<p>Hello</p>', 'What it says, in HTML.')
  readonly html_body!: string | null;

  @ShownText(524_288, '<p>Hello</p>', 'The same by another name.')
  readonly body_html!: string | null;

  @ShownText(524_288, null, 'What it says to programs without HTML; null if that is made of the HTML.')
  readonly text_body!: string | null;

  @Shown({
    ...{ type: 'object', additionalProperties: true, nullable: true, example: null },
    description: 'Of a program that draws mails.',
  })
  readonly body_json!: Record<string, unknown> | null;

  @ShownNumbers('The tags it is for; null if it is for something else.')
  readonly tag_ids!: readonly number[] | null;

  @Shown({
    ...{ type: 'object', additionalProperties: true, nullable: true, example: null },
    description: 'The filter it is for; null if it is for something else.',
  })
  readonly filter!: Filter | null;

  @ShownNumbers('The contacts it is for; null if it is for something else.')
  readonly contact_ids!: readonly number[] | null;
}

@ApiSchema({ description: 'Whom a campaign would reach now, and why not the others.' })
export class CampaignAudienceDto {
  @ShownCount({ example: 100, description: 'Contacts that it is for.' })
  readonly matching!: number;

  @ShownCount({ example: 1, description: 'Of these, those without an e-mail address.' })
  readonly without_email!: number;

  @ShownCount({ example: 2, description: 'Of these, those that unsubscribed.' })
  readonly unsubscribed!: number;

  @ShownCount({ example: 1, description: 'Of these, those whose address gets nothing unasked.' })
  readonly suppressed!: number;

  @ShownCount({ example: 0, description: 'Of these, those with the address of another.' })
  readonly duplicates!: number;

  @ShownCount({ example: 96, description: 'All others: they are written to.' })
  readonly will_receive!: number;
}

/** What a template may become. */
const FILLED_IN = { type: String, maxLength: 1_048_576 } as const;

@ApiSchema({ description: 'What a contact would read.' })
export class CampaignPreviewDto {
  @Shown({ ...FILLED_IN, example: 'Hello Anna!', description: 'The subject.' })
  readonly subject!: string;

  @Shown({ ...FILLED_IN, example: '<p>Hello Anna</p>', description: 'The HTML.' })
  readonly html!: string;

  @Shown({ ...FILLED_IN, example: 'Hello Anna', description: 'The text.' })
  readonly text!: string;
}

@ApiSchema({ description: 'Where mails went to try a campaign out.' })
export class TestedCampaignDto {
  @Shown({
    ...{ type: 'array', items: { type: 'string', format: 'email' }, example: ['mia@acme.com'] },
    description: 'Each address once.',
  })
  readonly emails!: readonly string[];
}

@ApiSchema({ description: 'How many mails go out once more.' })
export class RetriedCampaignDto {
  @ShownCount({ example: 1, description: 'Those of which nobody knew whether they were taken.' })
  readonly retried!: number;
}

@ApiSchema({ description: 'The contact a mail is for.' })
export class RecipientContactDto {
  @ShownNumber('The id of the contact.')
  readonly id!: number;

  @ShownUuid('The UUID of the customer.')
  readonly uuid!: string;

  @Shown({ type: String, maxLength: 10_000, example: 'Anna Schmidt', description: 'Its name.' })
  readonly name!: string;
}

@ApiSchema({ description: 'A mail of a campaign, and what became of it.' })
export class CampaignRecipientDto {
  @ShownNumber('The id of the contact, also when that is gone.')
  readonly id!: number;

  @Shown({ type: RecipientContactDto, nullable: true, description: 'The contact; null if it is gone.' })
  readonly contact!: RecipientContactDto | null;

  @ShownText(255, 'anna@example.com', 'Where it goes; null if nowhere, or the contact is gone.')
  readonly email!: string | null;

  @Shown({
    ...{ type: String, enum: [...RECIPIENT_STATUSES], example: 'sent' },
    description:
      'What became of it. `unknown`: its server may have it or not, so it is not sent again unless you say so.',
  })
  readonly status!: RecipientStatus;

  @ShownMoment({ nullable: true, description: 'When its server took it.' })
  readonly sent_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When a person first opened it.' })
  readonly opened_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When a person first followed a link of it.' })
  readonly clicked_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When it came back.' })
  readonly bounced_at!: string | null;

  @ShownText(1, null, 'What it gets of an A/B test; null while it is held until one has won.')
  readonly variant!: string | null;

  @ShownText(1_000, null, 'Why it was skipped or failed, or is tried again.')
  readonly error!: string | null;
}
