import { ApiSchema } from '@nestjs/swagger';
import { CONTACT_STATUSES, type ContactStatus } from '../../../engagement/contacts/contact.entity.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { RequestSchema, ShownCount } from '../../../platform/common/openapi/shown.js';
import { Ref, RefList } from '../http/ref-fields.js';
import { CustomFields } from './contact.fields.js';

const MAX_CONTACTS = 1_000;
const MAX_TAGS = 100;

@RequestSchema('What contacts get.')
export class BulkSetDto {
  @Choice(CONTACT_STATUSES, {
    optional: true,
    description: 'The status. Only an admin makes those that are `unsubscribed` another.',
  })
  readonly status?: ContactStatus | null;

  @Integer({ name: 'lead_score', min: 0, max: 100, example: 50, optional: true, description: 'The score.' })
  readonly leadScore?: number | null;

  @CustomFields()
  readonly customFields?: Record<string, unknown> | null;
}

@RequestSchema('A change of many contacts.')
export class BulkChangeDto {
  @RefList({ name: 'contact_ids', max: MAX_CONTACTS, unless: 'segmentId', description: 'Whom it is about.' })
  readonly contactIds?: readonly ObjectRef[];

  @Ref({
    ...{ name: 'segment_id', optional: true, excludes: 'contactIds' },
    description:
      'In place of `contact_ids`: all contacts of this segment; with more than 1,000 of them the answer is 202, and a worker changes them.',
  })
  readonly segmentId?: ObjectRef | null;

  @RefList({ name: 'add_tag_ids', max: MAX_TAGS, optional: true, description: 'Tags that they get.' })
  readonly addTagIds?: readonly ObjectRef[] | null;

  @RefList({ name: 'remove_tag_ids', max: MAX_TAGS, optional: true, description: 'Tags that they lose.' })
  readonly removeTagIds?: readonly ObjectRef[] | null;

  @Nested(BulkSetDto, { optional: true, description: 'Fields that they get; custom fields besides those they have.' })
  readonly set?: BulkSetDto | null;
}

@ApiSchema({ description: 'What came of a change of many contacts.' })
export class BulkChangedDto {
  @ShownCount({ example: 2, description: 'How many contacts are another than before.' })
  readonly changed!: number;
}
