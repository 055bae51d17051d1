import { field } from '../../../platform/common/fields/field.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';

export const METHODS = ['sms', 'attest'] as const;

@RequestSchema('How a phone number is verified.')
export class VerifyNumberDto {
  @Choice(METHODS, {
    description:
      '`sms` sends a code from the number to itself. `attest` takes the word of an owner, for numbers at `smpp` and `http`.',
  })
  readonly method!: (typeof METHODS)[number];
}

@RequestSchema('The code that was sent to a phone number.')
export class ConfirmNumberDto {
  @field({
    check: (value) => (typeof value === 'string' && /^\d{6}$/.test(value) ? null : { says: 'must be six digits.' }),
    schema: { type: String, pattern: '^\\d{6}$', example: '471100', description: 'The six digits.' },
  })
  readonly code!: string;
}
