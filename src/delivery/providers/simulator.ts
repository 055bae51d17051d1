import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import { behaviourOf } from './magic-numbers.js';
import type { MessageProvider, OutboundText, SendOutcome, StatusReport } from './provider.js';
import { SimulatedPhone } from './simulated-phone.js';

/** The person's answer, after the message was delivered. */
const REPLY_AFTER_MS = 500;
const RETRY_AFTER_SECONDS = 1;
/** Whose number this is it does not say. */
const UNVERIFIED = '+15005550007';

/**
 * A provider without a network, for test clients: magic numbers say what it does. What became of a message it tells later, by
 * the road that callbacks take. What a process that ends did not tell any more is learnt by asking.
 */
@Injectable()
export class Simulator implements MessageProvider, OnModuleDestroy {
  readonly pollsAfterSeconds = [10, 60, 300];
  readonly isIdempotent = false;
  private readonly logger = new Logger('Simulator');
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly phone: SimulatedPhone,
  ) {}

  send(tenant: Tenant, message: OutboundText): Promise<SendOutcome> {
    return Promise.resolve(this.take(tenant, message));
  }

  /** It forgets those whose answer was lost. */
  find(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  status(_: Tenant, { from, to }: OutboundText): Promise<StatusReport | null> {
    const behaviour = behaviourOf(from, to);
    return Promise.resolve(behaviour.kind === 'takes' ? behaviour.end : null);
  }

  ownsNumber(number: string): Promise<'yes' | 'unknown'> {
    return Promise.resolve(number === UNVERIFIED ? 'unknown' : 'yes');
  }

  verify(): Promise<null> {
    return Promise.resolve(null);
  }

  onModuleDestroy(): void {
    this.timers.forEach((timer) => clearTimeout(timer));
  }

  private take(tenant: Tenant, { id, from, to, body, media, attempts }: OutboundText): SendOutcome {
    const behaviour = behaviourOf(from, to);
    if (behaviour.kind === 'refuses') {
      return { kind: 'refused', ...behaviour.failure };
    }
    if (attempts <= behaviour.refusesFirst) {
      return { kind: 'later', retryAfter: RETRY_AFTER_SECONDS, errorCode: 'throttled', providerCode: '20429' };
    }
    const providerMessageId = `SIM${id.replaceAll('-', '')}`;
    for (const [afterMs, report] of behaviour.reports) {
      this.later(afterMs, () => this.deliveries.report(tenant, id, { ...report, providerMessageId }));
    }
    if (behaviour.replies) {
      const echo = { body, media: media.map(({ fileId }) => ({ fileId })) };
      const reply = behaviour.replies === 'echo' ? echo : { body: behaviour.replies };
      this.later(REPLY_AFTER_MS, () =>
        this.phone.say(tenant, { from: to, to: from, ...reply }, `${providerMessageId}-reply`),
      );
    }
    return behaviour.answer === 'lost'
      ? { kind: 'unknown', why: 'the simulator lost its answer' }
      : { kind: 'accepted', providerMessageId, status: 'sending' };
  }

  private later(ms: number, tell: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      tell().catch((error: unknown) => this.logger.error(error));
    }, ms);
    this.timers.add(timer.unref());
  }
}
