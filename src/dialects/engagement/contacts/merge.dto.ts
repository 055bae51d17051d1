import type { Keep, Side } from '../../../engagement/contacts/merged-fields.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { isObject } from '../../../platform/common/fields/json-value.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';
import { Ref } from '../http/ref-fields.js';

const SIDES: readonly Side[] = ['this', 'other'];
const MAX_KEYS = 100;

/** Whose value of a field stays. */
const Kept = (what: string, name?: string): PropertyDecorator =>
  Choice(SIDES, { ...(name === undefined ? {} : { name }), optional: true, description: `Whose ${what} stays.` });

/** The same for each key of the custom fields. */
function KeptKeys(): PropertyDecorator {
  return field({
    name: 'custom_fields',
    optional: true,
    check: (value) =>
      isObject(value) &&
      Object.keys(value).length <= MAX_KEYS &&
      Object.values(value).every((side) => SIDES.includes(side as Side))
        ? null
        : { says: `must be an object of at most ${MAX_KEYS} keys, each this or other.` },
    schema: {
      type: 'object',
      additionalProperties: { type: 'string', enum: [...SIDES] },
      maxProperties: MAX_KEYS,
      nullable: true,
      example: { plan: 'other' },
      description: 'Whose value stays, by the keys of the custom fields.',
    },
  });
}

@RequestSchema('Whose value stays where both contacts have one; by default that of this one.')
export class KeepDto implements Keep {
  @Kept('first name', 'first_name')
  readonly firstName?: Side | null;

  @Kept('last name', 'last_name')
  readonly lastName?: Side | null;

  @Kept('e-mail address')
  readonly email?: Side | null;

  @Kept('phone number')
  readonly phone?: Side | null;

  @Kept('company')
  readonly company?: Side | null;

  @Kept('job title', 'job_title')
  readonly jobTitle?: Side | null;

  @Kept('city')
  readonly city?: Side | null;

  @Kept('country')
  readonly country?: Side | null;

  @Kept('time zone')
  readonly timezone?: Side | null;

  @Kept('score, which none has that is 0,', 'lead_score')
  readonly leadScore?: Side | null;

  @Kept('status')
  readonly status?: Side | null;

  @KeptKeys()
  readonly customFields?: Readonly<Record<string, Side>> | null;
}

@RequestSchema('Two contacts that are one person.')
export class MergeContactDto {
  @Ref({ name: 'other_id', typeId: 'customer', description: 'The contact that becomes part of this one.' })
  readonly otherId!: ObjectRef;

  @Nested(KeepDto, { optional: true, description: 'Whose values stay.' })
  readonly keep?: KeepDto | null;
}
