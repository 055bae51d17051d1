import { ApiSchema } from '@nestjs/swagger';
import {
  ADDRESS_KINDS,
  MAX_ADDRESS,
  type AddressKind,
  type Capability,
} from '../../../delivery/addresses/address.entity.js';
import { field } from '../../../platform/common/fields/field.js';
import { Flag, Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { Sid } from '../providers/provider.dto.js';

function DefaultFlag(): PropertyDecorator {
  return field({
    optional: true,
    check: (value) => (value === true ? null : { says: 'must be true: another number becomes the default instead.' }),
    schema: { type: Boolean, enum: [true], description: 'True makes it the default number.' },
  });
}

@RequestSchema('A phone number to speak through.')
export class AddNumberDto {
  @Text({
    max: MAX_ADDRESS,
    example: '+15005550006',
    description:
      'The number, in international format or as people write it in the country of the workspace; with `twilio`, also the SID of a messaging service of the account.',
  })
  readonly number!: string;

  @Text({ max: 255, optional: true, description: 'What to call it.' })
  readonly name?: string | null;
}

@RequestSchema('Which numbers of the account at the provider to take over.')
export class ImportNumbersDto {
  @Sid('MG', '`twilio`: the messaging service to add with its numbers; all numbers of the account if left out or null.')
  readonly serviceSid?: string | null;

  @Flag({
    optional: true,
    example: true,
    description:
      'Whether the provider is told, too, to say here what phones send to these numbers, and no more wherever it said that ' +
      'before. It needs a server whose `PUBLIC_URL` is set; at Telnyx, the `messagingProfileId` of the provider.',
  })
  readonly configure?: boolean | null;
}

@RequestSchema('Changes to a phone number.')
export class UpdateNumberDto {
  @Text({ max: 255, optional: true, description: 'What to call it; null removes the name.' })
  readonly name?: string | null;

  @DefaultFlag()
  readonly isDefault?: true | null;
}

@ApiSchema({ name: 'PhoneNumber', description: 'A phone number of the workspace.' })
export class NumberDto {
  @ShownId('phone_number', { description: 'The id of the number.' })
  readonly id!: string;

  @Shown({
    maxLength: MAX_ADDRESS,
    example: '+15005550006',
    description: 'The number in international format; of a messaging service, its SID.',
  })
  readonly number!: string;

  @Shown({ enum: [...ADDRESS_KINDS], type: String, example: 'number', description: 'What it is.' })
  readonly kind!: AddressKind;

  @Shown({ type: String, nullable: true, maxLength: 255, example: 'Support', description: 'What it is called.' })
  readonly name!: string | null;

  @Shown({
    type: 'array',
    items: { type: 'string', enum: ['sms', 'mms'] },
    maxItems: 2,
    example: ['sms'],
    description: 'What can be sent through it.',
  })
  readonly capabilities!: readonly Capability[];

  @Shown({ type: Boolean, example: true, description: 'Whether it is used where a message names none.' })
  readonly isDefault!: boolean;

  @Shown({ type: Boolean, example: true, description: 'Whether it may be used.' })
  readonly verified!: boolean;

  @ShownId('phone_number', {
    nullable: true,
    description: 'The messaging service that speaks for it: its id among your numbers; null if none does.',
  })
  readonly serviceId!: string | null;

  @CreatedAt()
  readonly createdAt!: string;
}

@ApiSchema({ name: 'ImportedNumbers', description: 'What an import changed.' })
export class ImportedNumbersDto {
  @Shown({ type: [NumberDto], maxItems: 1_000, description: 'Numbers that may be used from now on.' })
  readonly added!: readonly NumberDto[];

  @Shown({
    type: [NumberDto],
    maxItems: 1_000,
    description: 'Numbers that may not be used any more: the account has them no longer.',
  })
  readonly gone!: readonly NumberDto[];
}
