import { Injectable } from '@nestjs/common';
import type { Problem } from '../../../platform/common/fields/field.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { CustomersService } from '../../../customers/customers.service.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { parseUserId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';

/** Of a conversation, whoever makes it included. */
export const MAX_PARTICIPANTS = 25;
/** Characters. */
const MAX_USER_ID = 255;

/** A user id, the URI of an identity, or an identity as it is shown. */
export type ParticipantInput = string | { readonly id?: string | null; readonly user_id?: string | null };

/** The user id that is meant; null: none. */
export function userIdIn(given: unknown): string | null {
  const named =
    typeof given === 'object' && given !== null
      ? ((given as { id?: unknown }).id ?? (given as { user_id?: unknown }).user_id)
      : given;
  const userId = parseUserId(named);
  return userId !== null && userId.length <= MAX_USER_ID && isStorable(userId) ? userId : null;
}

/** The size is checked first: an attack is a long list. */
export function checkParticipants(value: unknown, max = MAX_PARTICIPANTS): Problem {
  if (!Array.isArray(value)) {
    return { says: 'must be an array.' };
  }
  if (value.length > max) {
    return { says: `must not have more than ${max} items.` };
  }
  const wrong = value.findIndex((one) => userIdIn(one) === null);
  return wrong === -1 ? null : { at: String(wrong), says: 'must be an identity or a user id.' };
}

export function wrongParticipants(says: string, property = 'participants'): LayerRefusal {
  return new LayerRefusal('invalid_property', `The ${property} field ${says}`, { property });
}

/** Who the participants of a conversation, or the members of a channel, are as customers. */
@Injectable()
export class Participants {
  constructor(private readonly customers: CustomersService) {}

  /** The ids of those that are there, by user id. */
  async find(tenant: Tenant, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return idsOf(await this.customers.findByUserIds(tenant, userIds));
  }

  /**
   * The same; who is not there is made. Not within a transaction: it waits for others that make the same.
   * @param property what is wrong where one of them is
   * @throws LayerRefusal 422: what looks like one of our own ids names nobody
   */
  async resolve(tenant: Tenant, userIds: readonly string[], property?: string): Promise<ReadonlyMap<string, string>> {
    const found = await this.find(tenant, userIds);
    const missing = userIds.filter((userId) => !found.has(userId));
    if (missing.length === 0) {
      return found;
    }
    const nobody = missing.find((userId) => userId.startsWith('cus_') && parseId('customer', userId) !== null);
    if (nobody !== undefined) {
      throw wrongParticipants(`names nobody: ${nobody}`, property);
    }
    return new Map([...found, ...idsOf(await this.customers.resolve(tenant, missing))]);
  }
}

function idsOf(customers: ReadonlyMap<string, { readonly id: string }>): Map<string, string> {
  return new Map([...customers].map(([userId, { id }]) => [userId, id]));
}
