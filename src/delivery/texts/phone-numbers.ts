import { Injectable } from '@nestjs/common';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { WorkspaceSettingsService } from '../../workspaces/workspace-settings.service.js';
import { SERVICE } from '../providers/senders.js';
import { readPhoneNumber } from './phone-number.js';

/** Phone numbers as callers write them. */
@Injectable()
export class PhoneNumbers {
  constructor(private readonly settings: WorkspaceSettingsService) {}

  /** In international format; null where it can't be a number. */
  async find(tenant: Tenant, text: string): Promise<string | null> {
    // What says its country needs no look-up of the client's.
    return readPhoneNumber(text, text.startsWith('+') ? undefined : await this.settings.countryOf(tenant));
  }

  /** What somebody wants to speak through: a number as below, or a messaging service. @throws Refusal `invalid_number` */
  async getSpeaker(tenant: Tenant, text: string): Promise<string> {
    return SERVICE.test(text) ? text : this.get(tenant, text);
  }

  /** In international format. @throws Refusal `invalid_number` */
  async get(tenant: Tenant, text: string): Promise<string> {
    const number = await this.find(tenant, text);
    if (number === null) {
      throw new ReasonedRefusal('invalid_number', 'This is not a phone number');
    }
    return number;
  }
}
