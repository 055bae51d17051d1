import { forbidden } from '../errors/refusal.js';

/**
 * Holds that who asks is the customer itself, or the client, which may act as each of its customers.
 * @param viewer the customer whose session asks; null where the client does
 * @throws Refusal 403
 */
export function assertActsAs(viewer: string | null, customerId: string | null): void {
  if (viewer !== null && viewer !== customerId) {
    throw forbidden('Not allowed for a customer session');
  }
}
