import { ApiSchema } from '@nestjs/swagger';
import { Email, Phone, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
  ShownTime,
} from '../platform/common/openapi/shown.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';

/** As long as the identity token that brings it may have it. */
const MAX_AVATAR_URL = 2_048;

function ExternalId(): PropertyDecorator {
  const description = 'Your own id for this customer, unique among your customers; null removes it.';
  return Text({ name: 'external_id', max: 255, example: 'user-4711', optional: true, description });
}

@RequestSchema('A new customer.')
export class CreateCustomerDto {
  @Text({ max: 255, example: 'John Doe', description: 'The name of the customer.' })
  readonly name!: string;

  @Email({
    unless: 'phone',
    description:
      'The e-mail address, unique among your customers; stored trimmed and in lower case. Required unless `phone` is given.',
  })
  readonly email?: string | null;

  @Phone({
    optional: true,
    description: 'The phone number in international format (E.164), unique among your customers.',
  })
  readonly phone?: string | null;

  @ExternalId()
  readonly externalId?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;
}

@RequestSchema('Changes to a customer.')
export class UpdateCustomerDto {
  @Text({ max: 255, example: 'John Doe', optional: true, description: 'The new name; unchanged if left out or null.' })
  readonly name?: string | null;

  @Email({ optional: true, description: 'The new e-mail address; unchanged if left out or null.' })
  readonly email?: string | null;

  @Phone({
    optional: true,
    description: 'The new phone number in international format (E.164); unchanged if left out or null.',
  })
  readonly phone?: string | null;

  @ExternalId()
  readonly externalId?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;
}

export class ListCustomersQuery extends ListQuery('customer') {
  // Without an example: Swagger UI would fill it in, and list nobody.
  @Text({
    name: 'external_id',
    max: 255,
    optional: true,
    description: 'Return only the customer with this external id.',
  })
  readonly externalId?: string | null;

  @Email({ optional: true, example: null, description: 'Only the customer with this email address.' })
  readonly email?: string | null;

  @Phone({ optional: true, description: 'Only the customer with this phone number, a plus sign and digits.' })
  readonly phone?: string | null;
}

export class ListActiveCustomersQuery extends ListQuery('customer', { limit: 20 }) {}

export class ListActiveForSenderQuery extends ListActiveCustomersQuery {
  @Email({ description: 'The e-mail address of the sender.' })
  readonly email!: string;
}

class NamedCustomerDto {
  @ObjectType('customer')
  readonly object!: 'customer';

  @ShownId('customer', { description: 'The id of the customer.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'John Doe', description: 'The name of the customer.' })
  readonly name!: string;
}

/** A customer as others embed it. */
@ApiSchema({ description: 'A customer, in short.' })
export class CustomerReferenceDto extends NamedCustomerDto {
  @Shown({
    type: String,
    nullable: true,
    required: false,
    example: 'john@example.com',
    format: 'email',
    maxLength: 255,
    description: 'The e-mail address, null if there is none; absent if a session asks.',
  })
  readonly email?: string | null;

  @Shown({
    type: String,
    nullable: true,
    required: false,
    example: 'https://example.com/john.png',
    maxLength: MAX_AVATAR_URL,
    description: 'The address of the customer’s picture, null if there is none; absent if a secret key asks.',
  })
  readonly avatar_url?: string | null;
}

@ApiSchema({ description: 'A customer.' })
export class CustomerDto extends NamedCustomerDto {
  @Shown({
    type: String,
    format: 'email',
    maxLength: 255,
    nullable: true,
    example: 'john@example.com',
    description: 'The e-mail address; null if there is none or the key may not read customers.',
  })
  readonly email!: string | null;

  @Shown({
    required: false,
    maxLength: 16,
    example: '+14155552671',
    description: 'The phone number; absent if the customer has none or the key may not read customers.',
  })
  readonly phone?: string;

  @Shown({
    required: false,
    enum: ['address'],
    type: String,
    example: 'address',
    description: '`address` for a phone number of your own, through which you speak; absent for a person.',
  })
  readonly kind?: 'address';

  @Shown({
    required: false,
    maxLength: 255,
    example: 'user-4711',
    description: 'Your own id for this customer; absent if it has none.',
  })
  readonly external_id?: string;

  @Shown({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { department: 'Engineering' },
    description: 'Your own data for this customer; null if there is none.',
  })
  readonly metadata!: Record<string, unknown> | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ description: 'A customer who has sent messages.' })
export class ActiveCustomerDto extends CustomerDto {
  @ShownTime({ example: 1_735_689_900, description: 'When the latest message was sent.' })
  readonly latest_message_at!: number;
}
