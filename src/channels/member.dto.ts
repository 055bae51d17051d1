import { RequestSchema } from '../platform/common/openapi/shown.js';
import { IdList } from '../platform/common/fields/fields.js';

@RequestSchema('Customers to add to a channel.')
export class AddMembersDto {
  @IdList('customer', {
    name: 'customer_uuids',
    min: 1,
    max: 100,
    description: 'The customers to add; those already in the channel stay. A channel has at most 100 customers.',
  })
  readonly customerIds!: readonly string[];
}
