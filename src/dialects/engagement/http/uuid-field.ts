import { field } from '../../../platform/common/fields/field.js';
import type { FieldOptions } from '../../../platform/common/fields/fields.js';
import { isUuid } from '../../../platform/common/ids/type-id.js';

/** What has a UUID and no number. */
export function Uuid({ description, ...rest }: FieldOptions): PropertyDecorator {
  return field({
    ...rest,
    check: (value) => (isUuid(value) ? null : { says: 'must be a UUID.' }),
    schema: { type: String, format: 'uuid', description, ...(rest.optional ? { nullable: true } : {}) },
  });
}
