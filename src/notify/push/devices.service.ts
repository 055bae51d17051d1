import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { InvalidInput, notFound } from '../../platform/common/errors/refusal.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import type { Page, PageQuery } from '../../platform/common/pagination/page.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { Device, Provider } from './device.entity.js';
import { DevicesRepository, type DeviceRow } from './devices.repository.js';
import { MAX_DEVICES, TooManyDevices } from './too-many-devices.js';

/** It becomes a part of a path at Apple's. */
const APNS_TOKEN = /^[\da-f]{2,400}$/i;

export interface NewDevice {
  /** The app's own id of the device; registered again, it replaces the former. */
  readonly deviceId: string;
  readonly provider: Provider;
  readonly token: string;
  /** Of APNs only. */
  readonly bundleId?: string | null;
  /** Of Web Push only, which can't do without. */
  readonly keys?: Device['keys'];
}

/** A device whose fields were checked against each other, and its address against the outbound policy. */
export class CheckedDevice {
  constructor(readonly device: NewDevice) {}
}

/** Where customers get notifications while they have no socket open. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly devices: DevicesRepository,
    private readonly policy: OutboundPolicy,
  ) {}

  /**
   * What one field alone can't say: which token fits which provider. May ask for the address of a name, so it goes
   * before any transaction.
   * @throws InvalidInput
   */
  async check(tenant: Tenant, device: NewDevice): Promise<CheckedDevice> {
    const { provider, token, keys } = device;
    if (provider === 'apns' && !APNS_TOKEN.test(token)) {
      throw new InvalidInput({ token: ['The token field must be hexadecimal digits for apns.'] });
    }
    if (provider === 'webpush') {
      if (!keys) {
        throw new InvalidInput({ keys: ['The keys field is required.'] });
      }
      await this.policy.check(tenant, token, 'token');
    }
    return new CheckedDevice(device);
  }

  /** @throws Refusal 404, or TooManyDevices */
  async register(tenant: Tenant, customerId: string, { device }: CheckedDevice): Promise<DeviceRow> {
    const { deviceId, provider, token } = device;
    const keys = provider === 'webpush' ? (device.keys ?? null) : null;
    const bundleId = provider === 'apns' ? (device.bundleId ?? null) : null;
    const row = { id: uuidv7(), customerId, deviceId, provider, token, keys, bundleId };
    const registered = await this.devices.register(tenant, row, MAX_DEVICES);
    if (!registered) {
      throw new TooManyDevices();
    }
    return registered;
  }

  /** Newest first. @throws Refusal 404, or 422 on `starting_after` */
  list(tenant: Tenant, customerId: string, query: PageQuery): Promise<Page<DeviceRow>> {
    return this.devices.list(tenant, customerId, query);
  }

  /** @throws Refusal 404 */
  async remove(tenant: Tenant, customerId: string, id: string): Promise<void> {
    if (!(await this.devices.remove(tenant, customerId, { id }))) {
      throw notFound('device');
    }
  }

  /** By what the app calls it; false where the customer has none that is called so. */
  removeNamed(tenant: Tenant, customerId: string, deviceId: string): Promise<boolean> {
    return this.devices.remove(tenant, customerId, { deviceId });
  }

  /** @throws Refusal 404 */
  async removeAll(tenant: Tenant, customerId: string): Promise<void> {
    if (!(await this.devices.removeAll(tenant, customerId))) {
      throw notFound('customer');
    }
  }
}
