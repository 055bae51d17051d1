import { Email, exampleId, Text } from '../platform/common/fields/fields.js';
import { Metadata } from '../platform/common/fields/metadata.js';
import { Shown } from '../platform/common/openapi/operation.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';

function ExternalId(): PropertyDecorator {
  const description = 'What you call this customer in your own system; no two have the same.';
  return Text({ name: 'external_id', max: 255, example: 'user-4711', optional: true, description });
}

export class CreateCustomerDto {
  @Text({ max: 255, example: 'John Doe' })
  readonly name!: string;

  @Email()
  readonly email!: string;

  @ExternalId()
  readonly externalId?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;
}

export class UpdateCustomerDto {
  @Text({ max: 255, example: 'John Doe', optional: true })
  readonly name?: string | null;

  @Email({ optional: true })
  readonly email?: string | null;

  @ExternalId()
  readonly externalId?: string | null;

  @Metadata()
  readonly metadata?: Record<string, unknown> | null;
}

export class ListCustomersQuery extends ListQuery('customer') {
  // Without an example: Swagger UI would fill it in, and list nobody.
  @Text({ name: 'external_id', max: 255, optional: true, description: 'Only the customer with this external ID.' })
  readonly externalId?: string | null;
}

export class ListActiveCustomersQuery extends ListQuery('customer', { limit: 20 }) {}

export class ListActiveForSenderQuery extends ListActiveCustomersQuery {
  @Email({ description: 'Whose conversations to list.' })
  readonly email!: string;
}

class NamedCustomerDto {
  @Shown({ enum: ['customer'], type: String })
  readonly object!: 'customer';

  @Shown({ example: exampleId('customer') })
  readonly id!: string;

  @Shown({ example: 'John Doe' })
  readonly name!: string;
}

/** A customer as others embed it. */
export class CustomerReferenceDto extends NamedCustomerDto {
  @Shown({
    type: String,
    nullable: true,
    required: false,
    example: 'john@example.com',
    description: 'Always there for a secret key, never for the session of a customer.',
  })
  readonly email?: string | null;

  @Shown({
    type: String,
    nullable: true,
    required: false,
    example: 'https://example.com/john.png',
    description: 'Always there for the session of a customer, never for a secret key.',
  })
  readonly avatar_url?: string | null;
}

export class CustomerDto extends NamedCustomerDto {
  @Shown({ type: String, nullable: true, example: 'john@example.com' })
  readonly email!: string | null;

  @Shown({ required: false, example: 'user-4711', description: 'Only where it has one.' })
  readonly external_id?: string;

  @Shown({ type: 'object', additionalProperties: true, nullable: true, example: { department: 'Engineering' } })
  readonly metadata!: Record<string, unknown> | null;

  @Shown({ type: 'integer', example: 1640995200, description: 'Unix seconds.' })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}

export class ActiveCustomerDto extends CustomerDto {
  @Shown({ name: 'latest_message_at', type: 'integer', example: 1640995500, description: 'Unix seconds.' })
  readonly latest_message_at!: number;
}
