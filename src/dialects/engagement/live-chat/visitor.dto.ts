import { ApiSchema } from '@nestjs/swagger';
import { Email, Text } from '../../../platform/common/fields/fields.js';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';

@RequestSchema('What a visitor says of itself.')
export class NewVisitorDto {
  @Text({ max: 255, optional: true, example: 'Anna', description: 'The name; `Visitor` if left out.' })
  readonly name?: string | null;

  @Email({
    optional: true,
    description:
      'An e-mail that is claimed, not proven: kept as `claimed_email` among the custom fields, and never the contact’s own.',
  })
  readonly email?: string | null;
}

@ApiSchema({ name: 'Visitor', description: 'A new customer, with a session.' })
export class VisitorDto {
  @ShownId('customer', { description: 'The customer.' })
  readonly customer_id!: string;

  @Shown({
    type: String,
    pattern: '^cst_(test|live)_[A-Za-z0-9]+$',
    example: 'cst_test_4eC39HqLyjWDarjtT1zdp7dcTYooMQ2vKz8Nf0',
    description: 'What the visitor shows from now on, here and in the core. It is not shown again.',
  })
  readonly token!: string;

  @ShownMoment({ description: 'Until when it is good.' })
  readonly expires_at!: string;
}

@ApiSchema({ name: 'WidgetDesk', description: 'Whom visitors write to.' })
export class WidgetDeskDto {
  @ShownId('customer', { description: 'The customer that it speaks as.' })
  readonly customer_id!: string;

  @Shown({ type: String, maxLength: 255, example: 'Support', description: 'Its name.' })
  readonly name!: string;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 2_000,
    example: 'How can we help?',
    description: 'What is shown to whoever has not written yet.',
  })
  readonly welcome!: string | null;
}

@ApiSchema({ name: 'Widget', description: 'What a widget needs to know before anybody writes.' })
export class WidgetDto {
  @Shown({ type: WidgetDeskDto, nullable: true, description: 'The oldest desk; null if there is none.' })
  readonly desk!: WidgetDeskDto | null;
}
