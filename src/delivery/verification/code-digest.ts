import { createHash } from 'node:crypto';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';

/** What is kept of the code of a number. */
export function digestOf({ clientId }: Tenant, id: string, code: string): Buffer {
  return createHash('sha256').update(`${clientId}:${id}:${code}`).digest();
}
