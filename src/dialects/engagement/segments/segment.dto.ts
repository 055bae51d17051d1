import { ApiSchema } from '@nestjs/swagger';
import type { Filter } from '../../../engagement/segments/filter.js';
import { SEGMENT_TYPES, type SegmentType } from '../../../engagement/segments/segment.entity.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice, Text } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ContactDto } from '../contacts/contact.dto.js';
import { RefList } from '../http/ref-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

const MAX_CONTACTS = 1_000;
const READ_ONLY = ['id', 'uuid', 'contacts_count', 'created_at'] as const;
const EXAMPLE = {
  all: [
    { field: 'lead_score', op: 'gte', value: 50 },
    { field: 'tag', op: 'in', value: [3] },
  ],
};
const SAYS =
  'Conditions `{"field","op","value"}`, put together by `{"all":[…]}`, `{"any":[…]}` and `{"not":{…}}`: at most 20 of them, 3 levels and 16 KB. ' +
  'Texts (`first_name`, `last_name`, `email`, `company`, `job_title`, `city`, `country`, `phone`, `timezone`): `is`, `is_not`, `contains`, `starts_with`, in any case and with any accents, `is_set`, `is_not_set`. ' +
  '`email_domain`: `is`. `lead_score`: `is`, `gt`, `gte`, `lt`, `lte`. `status`, `tag`, `segment` (static ones): `in`, `not_in` with a list of at most 100. ' +
  '`created_at`, `last_contacted_at`: `before`, `after`, `within_days`, `not_within_days`. `subscribed`: `is`. ' +
  '`custom.` and the name of a custom field: `is`, `is_not`, `contains`, `gt`, `lt`, `is_set`, `is_not_set`. What a contact has not matches nothing, and `not` of it does.';

/** What it may hold is looked at where it is compiled: it names the place of what is wrong. */
function FilterField(optional: boolean): PropertyDecorator {
  return field({
    name: 'filter',
    optional,
    check: () => null,
    schema: {
      type: 'object',
      additionalProperties: true,
      ...(optional ? { nullable: true } : {}),
      example: EXAMPLE,
      description: SAYS,
    },
  });
}

const Name = (optional: boolean): PropertyDecorator =>
  Text({ name: 'name', max: 100, example: 'Promising', optional, description: 'The name.' });

@RequestSchema('A new segment.')
@PassesOver(...READ_ONLY)
export class CreateSegmentDto {
  @Name(false)
  readonly name!: string;

  @Choice(SEGMENT_TYPES, {
    optional: true,
    description: 'Whether a filter says who is in it (`dynamic`, if left out), or you do (`static`).',
  })
  readonly type?: SegmentType | null;

  @FilterField(true)
  readonly filter?: unknown;
}

@RequestSchema('What of a segment is to be changed; what is left out stays.')
@PassesOver(...READ_ONLY, 'type')
export class UpdateSegmentDto {
  @Name(true)
  readonly name?: string | null;

  @FilterField(true)
  readonly filter?: unknown;
}

@RequestSchema('A filter to try.')
export class PreviewSegmentDto {
  @FilterField(false)
  readonly filter!: unknown;
}

@RequestSchema('Contacts of a static segment.')
export class SegmentContactsDto {
  @RefList({ name: 'contact_ids', typeId: 'customer', max: MAX_CONTACTS, description: 'Which contacts.' })
  readonly contactIds!: readonly ObjectRef[];
}

@ApiSchema({ description: 'Contacts that a filter finds, or that were put together by hand.' })
export class SegmentDto {
  @ShownNumber('The id of the segment.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: 100, example: 'Promising', description: 'Its name.' })
  readonly name!: string;

  @Shown({
    type: String,
    enum: [...SEGMENT_TYPES],
    example: 'dynamic',
    description: 'Whether a filter says who is in it.',
  })
  readonly type!: SegmentType;

  @Shown({
    ...{ type: 'object', additionalProperties: true, nullable: true, example: EXAMPLE },
    description: 'The filter; null if it is static.',
  })
  readonly filter!: Filter | null;

  @ShownCount({
    example: 12,
    nullable: true,
    description: 'How many contacts are in it; null for dynamic ones in lists.',
  })
  readonly contacts_count!: number | null;

  @CreatedAt()
  readonly created_at!: string;
}

@ApiSchema({ description: 'What a filter finds.' })
export class SegmentPreviewDto {
  @ShownCount({ example: 12, description: 'How many contacts it finds.' })
  readonly contacts_count!: number;

  @Shown({ type: [ContactDto], description: 'The newest ten of them.' })
  readonly sample!: readonly ContactDto[];
}

@ApiSchema({ description: 'How many contacts came into a segment.' })
export class AddedContactsDto {
  @ShownCount({ example: 3, maximum: MAX_CONTACTS, description: 'Those that were not in it.' })
  readonly added!: number;
}
