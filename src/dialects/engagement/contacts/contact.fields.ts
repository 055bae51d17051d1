import { isTimeZone, MAX_TIME_ZONE } from '../../../engagement/contacts/time-zone.js';
import { checkMetadata } from '../../../platform/common/fields/metadata.js';
import { field } from '../../../platform/common/fields/field.js';
import { Text, type FieldOptions } from '../../../platform/common/fields/fields.js';

/** A text that a contact may be without: null takes it away. */
export function ContactText(name: string, max: number, example: string, description: string): PropertyDecorator {
  return Text({ name, max, example, optional: true, description });
}

/** A time zone that JavaScript knows. */
export function TimeZone(options: FieldOptions): PropertyDecorator {
  const { description, ...rest } = options;
  return field({
    ...rest,
    check: (value) =>
      typeof value === 'string' && isTimeZone(value) ? null : { says: 'must be a time zone such as Europe/Berlin.' },
    schema: { type: String, maxLength: MAX_TIME_ZONE, nullable: true, example: 'Europe/Berlin', description },
  });
}

/** Fields of the workspace's own. An empty list is taken for an empty object, which some languages write so. */
export function CustomFields(): PropertyDecorator {
  return field({
    name: 'custom_fields',
    optional: true,
    read: (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    check: (value) => checkMetadata(value),
    schema: {
      type: 'object',
      additionalProperties: true,
      maxProperties: 50,
      nullable: true,
      example: { plan: 'pro' },
      description:
        'Fields of your own: the `metadata` of the customer. At most 50 keys, 16 KB as JSON and 5 levels of nesting.',
    },
  });
}
