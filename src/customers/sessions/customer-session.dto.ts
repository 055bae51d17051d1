import { exampleId } from '../../platform/common/fields/fields.js';
import { Integer } from '../../platform/common/fields/integer.js';
import { Shown } from '../../platform/common/openapi/operation.js';

const MOMENT = { type: 'integer', format: 'int64' } as const;

export class CreateCustomerSessionDto {
  @Integer({
    name: 'expires_in',
    optional: true,
    min: 60,
    max: 2_592_000,
    example: 3_600,
    description: 'Seconds until it ends; a day where left out or null.',
  })
  readonly expiresIn?: number | null;
}

export class CustomerSessionDto {
  @Shown({ enum: ['customer_session'], type: String })
  readonly object!: 'customer_session';

  @Shown({ example: exampleId('customer_session') })
  readonly id!: string;

  @Shown({ example: exampleId('customer') })
  readonly customer_id!: string;

  @Shown({ example: 'cst_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz', description: 'Shown this once.' })
  readonly token!: string;

  @Shown({ ...MOMENT, example: 1_641_081_600 })
  readonly expires_at!: number;

  @Shown({ ...MOMENT, example: 1_640_995_200 })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}
