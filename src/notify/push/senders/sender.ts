import { now } from '../../../platform/common/clock.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { Device } from '../device.entity.js';
import type { AttemptOutcome } from '../attempt-outcome.js';
import type { Payload } from '../payload.js';

/** Milliseconds that an attempt may take in all. */
export const TIMEOUT_MS = 10_000;

/** One notification for one device. */
export interface OutgoingPush {
  /** A UUID, the same at every attempt. */
  readonly id: string;
  readonly device: Pick<Device, 'token' | 'keys' | 'bundleId'>;
  readonly payload: Payload;
  /** After this it is not delivered. */
  readonly expiresAt: Date;
}

/** A provider, with one client's credentials. */
export interface Sender {
  /** Never fails. */
  send(tenant: Tenant, push: OutgoingPush): Promise<AttemptOutcome>;
  close(): void;
}

/** Whole seconds from now. */
export function secondsUntil(moment: Date): number {
  return Math.max(0, Math.floor((moment.getTime() - now().getTime()) / 1000));
}
