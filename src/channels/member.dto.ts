import { IdList } from '../platform/common/fields/fields.js';

export class AddMembersDto {
  @IdList('customer', {
    name: 'customer_uuids',
    min: 1,
    max: 100,
    description: 'Customers of this client; who is in the channel already stays. It has at most 100 in all.',
  })
  readonly customerIds!: readonly string[];
}
