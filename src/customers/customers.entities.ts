import { Customer } from './customer.entity.js';
import { CustomerSession } from './sessions/customer-session.entity.js';

export const customersEntities = [Customer, CustomerSession];
