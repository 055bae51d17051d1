import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import type { Device } from './device.entity.js';
import type { Payload } from './payload.js';
import { CLAIM, DROP, FAN_OUT, FORGET_DEVICE, POSTPONE } from './pushes.sql.js';

/** A push that this process is to send. */
export interface DuePush extends Tenant, Pick<Device, 'provider' | 'token' | 'keys' | 'bundleId'> {
  readonly id: string;
  readonly deviceId: string;
  readonly payload: Payload;
  /** This one included. */
  readonly attempts: number;
  readonly createdAt: Date;
  /** The client's credentials at this provider, encrypted; null where there are none, or the client was disabled. */
  readonly sealed: Buffer | null;
}

/** Bounds of a claim. */
export interface ClaimLimits {
  /** Clients whose slots are full. */
  readonly except: readonly string[];
  readonly most: number;
  readonly mostOfOne: number;
  /** Milliseconds. */
  readonly lease: number;
}

@Injectable()
export class PushesRepository extends TenantRepository {
  constructor(private readonly outbox: Database) {
    super(outbox);
  }

  /** @returns how many notifications were taken */
  async fanOut(most: number): Promise<number> {
    const [row] = await this.outbox.acrossTenants<{ taken: number }>(FAN_OUT, [most]);
    return row!.taken;
  }

  claim({ except, most, mostOfOne, lease }: ClaimLimits): Promise<DuePush[]> {
    return this.outbox.acrossTenants<DuePush & Record<string, unknown>>(CLAIM, [except, most, mostOfOne, lease]);
  }

  async drop(tenant: Tenant, id: string): Promise<void> {
    await this.rows(tenant, DROP, id);
  }

  /** @param wait milliseconds */
  async postpone(tenant: Tenant, id: string, wait: number): Promise<void> {
    await this.rows(tenant, POSTPONE, id, wait);
  }

  async forgetDevice(tenant: Tenant, { deviceId, id, token }: DuePush): Promise<void> {
    await this.rows(tenant, FORGET_DEVICE, deviceId, id, token);
  }
}
