import { ApiSchema } from '@nestjs/swagger';
import { CONTACT_STATUSES, type ContactStatus } from '../../../engagement/contacts/contact.entity.js';
import type { ContactSort } from '../../../engagement/contacts/contact-list.sql.js';
import { SUPPRESSION_REASONS, type SuppressionReason } from '../../../engagement/suppressions/suppression.entity.js';
import { Choice, Email, Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { Moment } from '../../../platform/common/fields/moment.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import {
  After,
  Page,
  PER_PAGE,
  PerPage,
  SortBy,
  SortDir,
  type ListQuery,
  type SortDirection,
} from '../http/list-query.js';
import { QueryFlag, QueryInteger, Search } from '../http/query-fields.js';
import { QueryRef, RefList } from '../http/ref-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { ContactText, CustomFields, TimeZone } from './contact.fields.js';

const MAX_SCORE = 100;
const MAX_TAGS = 100;
const SORTS: readonly [ContactSort, ...ContactSort[]] = [
  ...(['created_at', 'first_name', 'last_name', 'email', 'company', 'lead_score', 'last_contacted_at'] as const),
];
/** What is shown of a contact and not set. */
const READ_ONLY = [
  ...['id', 'uuid', 'name', 'tags', 'last_contacted_at', 'created_at', 'updated_at'],
  ...['conversations_count', 'deals_count', 'suppression'],
] as const;

/** What contacts are narrowed down by. */
class ContactFiltersDto {
  @Search('In names, e-mail address, company and phone number.')
  readonly search?: string | null;

  @Choice(CONTACT_STATUSES, { optional: true, description: 'Only contacts of this status.' })
  readonly status?: ContactStatus | null;

  @QueryRef({ name: 'tag_id', optional: true, description: 'Only contacts with this tag.' })
  readonly tagId?: ObjectRef | null;

  @QueryRef({ name: 'segment_id', optional: true, description: 'Only contacts of this segment.' })
  readonly segmentId?: ObjectRef | null;

  @Text({ max: 100, optional: true, description: 'Only contacts of this country, in any case.' })
  readonly country?: string | null;

  @QueryInteger({ name: 'min_score', min: 0, max: MAX_SCORE, description: 'Only contacts with at least this score.' })
  readonly minScore?: number | null;

  @QueryInteger({ name: 'max_score', min: 0, max: MAX_SCORE, description: 'Only contacts with at most this score.' })
  readonly maxScore?: number | null;

  @Email({ optional: true, example: null, description: 'Only the contact with this e-mail address.' })
  readonly email?: string | null;

  @Moment({ name: 'created_from', optional: true, description: 'Only contacts made then or later.' })
  readonly createdFrom?: Date | null;

  @Moment({ name: 'created_to', optional: true, description: 'Only contacts made then or earlier.' })
  readonly createdTo?: Date | null;
}

export class ContactsQueryDto extends ContactFiltersDto implements ListQuery {
  @Page()
  readonly page?: number | null;

  @PerPage()
  readonly perPage: number = PER_PAGE;

  @After()
  readonly after?: ObjectRef | null;

  @SortDir()
  readonly sortDir: SortDirection = 'desc';

  @SortBy(SORTS)
  readonly sortBy?: ContactSort | null;
}

export class ContactExportQueryDto extends ContactFiltersDto {
  @QueryFlag({ description: 'Whether the file begins with a byte order mark, by which Excel knows UTF-8.' })
  readonly bom?: boolean | null;
}

/** What a new contact and a changed one share. */
class ContactFieldsDto {
  @ContactText('last_name', 255, 'Schmidt', 'The last name.')
  readonly lastName?: string | null;

  @ContactText('phone', 50, '+49 30 1234', 'A phone number, kept as it is typed.')
  readonly phone?: string | null;

  @ContactText('company', 255, 'Acme', 'Where the contact works.')
  readonly company?: string | null;

  @ContactText('job_title', 255, 'Buyer', 'What the contact does there.')
  readonly jobTitle?: string | null;

  @ContactText('city', 255, 'Berlin', 'The city.')
  readonly city?: string | null;

  @ContactText('country', 100, 'DE', 'The country.')
  readonly country?: string | null;

  @TimeZone({ optional: true, description: 'The time zone.' })
  readonly timezone?: string | null;

  @Integer({
    ...{ name: 'lead_score', min: 0, max: MAX_SCORE, example: 0, optional: true },
    description: 'How promising the contact is; 0 if never set.',
  })
  readonly leadScore?: number | null;

  @CustomFields()
  readonly customFields?: Record<string, unknown> | null;

  @RefList({ name: 'tag_ids', max: MAX_TAGS, optional: true, description: 'Its tags: these and no others.' })
  readonly tagIds?: readonly ObjectRef[] | null;

  @Choice(CONTACT_STATUSES, {
    optional: true,
    description:
      'Whether the contact may be written to unasked. One that is `unsubscribed` is made another by an admin only, which lifts its suppression.',
  })
  readonly status?: ContactStatus | null;
}

@RequestSchema('A new contact.')
@PassesOver(...READ_ONLY)
export class CreateContactDto extends ContactFieldsDto {
  @Text({ name: 'first_name', max: 255, example: 'Anna', description: 'The first name.' })
  readonly firstName!: string;

  @Email({ example: 'anna@example.com', description: 'The e-mail address. It is trimmed and lower-cased.' })
  readonly email!: string;
}

@RequestSchema('What of a contact is to be changed; what is left out stays.')
@PassesOver(...READ_ONLY)
export class UpdateContactDto extends ContactFieldsDto {
  @Text({ name: 'first_name', max: 255, example: 'Anna', optional: true, description: 'The first name.' })
  readonly firstName?: string | null;

  @Email({ optional: true, example: 'anna@example.com', description: 'The e-mail address.' })
  readonly email?: string | null;
}

@ApiSchema({ description: 'A tag, as contacts show it.' })
export class ContactTagDto {
  @ShownNumber('The id of the tag.')
  readonly id!: number;

  @Shown({ type: String, maxLength: 50, example: 'VIP', description: 'Its name.' })
  readonly name!: string;

  @Shown({ type: String, pattern: '^#[0-9a-f]{6}$', example: '#d97706', description: 'Its color.' })
  readonly color!: string;
}

const ShownText = (maxLength: number, example: string, description: string): PropertyDecorator =>
  Shown({ type: String, maxLength, nullable: true, example, description });

@ApiSchema({ description: 'Somebody the workspace knows: a customer that is a person.' })
export class ContactDto {
  @ShownNumber('The id of the contact.')
  readonly id!: number;

  @ShownUuid('The UUID of the customer.')
  readonly uuid!: string;

  @ShownText(10_000, 'Anna', 'The first name.')
  readonly first_name!: string | null;

  @ShownText(10_000, 'Schmidt', 'The last name.')
  readonly last_name!: string | null;

  @Shown({ type: String, maxLength: 10_000, example: 'Anna Schmidt', description: 'What others are shown.' })
  readonly name!: string;

  @Shown({
    type: String,
    maxLength: 255,
    nullable: true,
    example: 'anna@example.com',
    description: 'The e-mail address.',
  })
  readonly email!: string | null;

  @ShownText(255, '+49 30 1234', 'The phone number, as it was typed.')
  readonly phone!: string | null;

  @ShownText(255, 'Acme', 'Where the contact works.')
  readonly company!: string | null;

  @ShownText(255, 'Buyer', 'What the contact does there.')
  readonly job_title!: string | null;

  @ShownText(255, 'Berlin', 'The city.')
  readonly city!: string | null;

  @ShownText(100, 'DE', 'The country.')
  readonly country!: string | null;

  @ShownText(64, 'Europe/Berlin', 'The time zone.')
  readonly timezone!: string | null;

  @ShownCount({ maximum: MAX_SCORE, example: 0, description: 'How promising the contact is.' })
  readonly lead_score!: number;

  @Shown({
    type: String,
    enum: [...CONTACT_STATUSES],
    example: 'active',
    description: 'Whether it may be written to unasked.',
  })
  readonly status!: ContactStatus;

  @Shown({
    ...{ type: 'object', additionalProperties: true, example: { plan: 'pro' } },
    description: 'Fields of your own: the `metadata` of the customer.',
  })
  readonly custom_fields!: Record<string, unknown>;

  @Shown({ type: [ContactTagDto], description: 'Its tags.' })
  readonly tags!: readonly ContactTagDto[];

  @ShownMoment({ nullable: true, description: 'When the team last wrote to the contact.' })
  readonly last_contacted_at!: string | null;

  @CreatedAt()
  readonly created_at!: string;

  @ShownMoment({ description: 'When the contact last changed.' })
  readonly updated_at!: string;
}

@ApiSchema({ description: 'Why an e-mail address gets nothing unasked.' })
export class ContactSuppressionDto {
  @Shown({ type: String, enum: [...SUPPRESSION_REASONS], example: 'unsubscribed', description: 'Why.' })
  readonly reason!: SuppressionReason;

  @ShownMoment({ description: 'Since when.' })
  readonly at!: string;
}

@ApiSchema({ description: 'A contact, and what hangs on it.' })
export class ContactDetailsDto extends ContactDto {
  @ShownCount({ example: 2, description: 'How many conversations there are with the contact.' })
  readonly conversations_count!: number;

  @ShownCount({ example: 0, maximum: 0, description: 'Always 0: there are no deals.' })
  readonly deals_count!: number;

  @Shown({
    ...{ type: ContactSuppressionDto, nullable: true },
    description: 'Why the e-mail address gets nothing unasked; null if it may.',
  })
  readonly suppression!: ContactSuppressionDto | null;
}
