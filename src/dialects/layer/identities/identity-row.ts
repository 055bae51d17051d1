import type { Customer } from '../../../customers/customer.entity.js';

/** What is read of a customer to show all of it. */
export type FullIdentityRow = Pick<Customer, 'id' | 'externalId' | 'name' | 'email' | 'profile' | 'metadata'>;
