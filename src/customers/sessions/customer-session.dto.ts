import { ApiSchema } from '@nestjs/swagger';
import { keyPattern } from '../../clients/key-format.js';
import { Integer } from '../../platform/common/fields/integer.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
  ShownTime,
} from '../../platform/common/openapi/shown.js';

@RequestSchema('How long a new session lasts.')
export class CreateCustomerSessionDto {
  @Integer({
    name: 'expires_in',
    optional: true,
    min: 60,
    max: 2_592_000,
    example: 3_600,
    description: 'How many seconds the session lasts; one day (86,400) if left out or null.',
  })
  readonly expiresIn?: number | null;
}

@ApiSchema({ description: 'A session, with which a browser or an app acts as one customer.' })
export class CustomerSessionDto {
  @ObjectType('customer_session')
  readonly object!: 'customer_session';

  @ShownId('customer_session', { description: 'The id of the customer session.' })
  readonly id!: string;

  @ShownId('customer', { description: 'The id of the customer the session belongs to.' })
  readonly customer_id!: string;

  @Shown({
    pattern: keyPattern('cst'),
    example: 'cst_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz',
    description: 'The token to send as `Authorization: Bearer`; shown only in this answer.',
  })
  readonly token!: string;

  @ShownTime({ example: 1_735_776_000, description: 'When the session ends.' })
  readonly expires_at!: number;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
