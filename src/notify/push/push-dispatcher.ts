import { Injectable, Logger } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { pushAttempts } from '../../platform/common/metrics.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import { PushesRepository, type DuePush, type ClaimLimits } from './pushes.repository.js';
import { LIFETIME_MS, retryInMs } from './retries.js';
import { Senders } from './senders/senders.js';

export type { DuePush, ClaimLimits };

/** Turns notifications into a push per device, and sends these. */
@Injectable()
export class PushDispatcher {
  private readonly logger = new Logger('Push');

  constructor(
    private readonly pushes: PushesRepository,
    private readonly senders: Senders,
  ) {}

  /** @returns how many notifications were taken */
  fanOut(most: number): Promise<number> {
    return this.pushes.fanOut(most);
  }

  claim(room: ClaimLimits): Promise<DuePush[]> {
    return this.pushes.claim(room);
  }

  /**
   * One attempt, and what follows from it. Should this process die, there is another when the lease ends.
   */
  async send(push: DuePush): Promise<void> {
    const { clientId, livemode, id } = push;
    const tenant = { clientId, livemode };
    if (push.sealed === null || now().getTime() - push.createdAt.getTime() > LIFETIME_MS) {
      await this.pushes.drop(tenant, id);
      return;
    }
    const outcome = await this.attempt(tenant, push, push.sealed);
    pushAttempts.inc({ provider: push.provider, outcome: outcome.kind });
    switch (outcome.kind) {
      case 'arrived':
        return this.pushes.drop(tenant, id);
      case 'gone':
        return this.pushes.forgetDevice(tenant, push);
      case 'refused':
        this.warn(push, `refused: ${outcome.why}`);
        return this.pushes.drop(tenant, id);
      case 'later':
        return this.retryLater(tenant, push, outcome);
    }
  }

  private async attempt(tenant: Tenant, push: DuePush, sealed: Buffer): Promise<AttemptOutcome> {
    const { id, provider, token, keys, bundleId, payload, createdAt } = push;
    const expiresAt = new Date(createdAt.getTime() + LIFETIME_MS);
    try {
      const sender = await this.senders.find(tenant, provider, sealed);
      return await sender.send(tenant, { id, device: { token, keys, bundleId }, payload, expiresAt });
    } catch (error) {
      // The operator can repair that, so it is tried again.
      this.logger.error(`No push could be made: ${(error as Error).message}`);
      return { kind: 'later', retryAfter: null, why: (error as Error).message };
    }
  }

  private async retryLater(
    tenant: Tenant,
    push: DuePush,
    outcome: AttemptOutcome & { readonly kind: 'later' },
  ): Promise<void> {
    const ageMs = now().getTime() - push.createdAt.getTime();
    const waitMs = retryInMs(push.attempts, ageMs, outcome.retryAfter, Math.random());
    if (waitMs === null) {
      this.warn(push, `given up after ${push.attempts} attempts: ${outcome.why}`);
      return this.pushes.drop(tenant, push.id);
    }
    this.logger.debug(`${push.provider}: ${outcome.why}`);
    return this.pushes.postpone(tenant, push.id, waitMs);
  }

  /** Names no token: whoever reads the log could send to it. */
  private warn({ clientId, deviceId, provider }: DuePush, what: string): void {
    const client = formatId('client', clientId);
    this.logger.warn(`A push of ${client} to ${formatId('device', deviceId)} by ${provider} was ${what}`);
  }
}
