import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Sweep } from '../../notify/worker/sweep.js';
import { WorkSlots } from '../../notify/worker/work-slots.js';
import { now } from '../../platform/common/clock.js';
import { DAY_MS } from '../../platform/common/durations.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { OutageLog } from '../../platform/common/outage-log.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { AddressesService } from '../addresses/addresses.service.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import { InboundService } from '../inbound/inbound.service.js';
import { Connections } from '../providers/connections.js';
import type { KeptText } from '../providers/provider.js';
import { ProvidersService, type ProviderOf } from '../providers/providers.service.js';
import { SENDER } from '../providers/senders.js';

/** Accounts that this process asks at once, of a client one. */
const MAX_AT_ONCE = 4;

/**
 * Takes in what phones sent while nobody heard their provider, of the last day: when a provider is set, after the start of a
 * process and once an hour. What is here already stays as it is.
 */
@Injectable()
export class CatchUp implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('CatchUp');
  private readonly outages = new OutageLog(this.logger, 'What phones sent can not be caught up with');
  private readonly sweep = new Sweep(() => this.look());
  private readonly slots = new WorkSlots(MAX_AT_ONCE, 1);
  private hasBegun = false;
  private isEnding = false;

  constructor(
    private readonly providers: ProvidersService,
    private readonly connections: Connections,
    private readonly addresses: AddressesService,
    private readonly deliveries: DeliveriesService,
    private readonly inbound: InboundService,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): void {
    this.isEnding = true;
    void this.sweep.end();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await this.slots.ended();
  }

  private async look(): Promise<void> {
    try {
      if (!this.hasBegun) {
        await this.providers.catchUpAll();
        this.hasBegun = true;
      }
      const due = this.slots.free > 0 ? await this.providers.claimCatchUp(this.slots.free) : [];
      for (const provider of due) {
        this.slots.take(
          provider.clientId,
          () =>
            this.catchUp(provider).catch((error: Error) =>
              this.logger.warn(`A provider was not asked: ${error.message}`),
            ),
          () => this.sweep.call(),
        );
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  /** One number after the other: what fails is tried again in an hour. */
  private async catchUp(row: ProviderOf): Promise<void> {
    const { id, clientId, livemode } = row;
    const tenant = { clientId, livemode };
    const provider = await this.connections.of(tenant, row);
    const since = new Date(now().getTime() - DAY_MS);
    const addresses = await this.addresses.list(tenant);
    const numbers = addresses.filter(({ providerId, kind }) => providerId === id && kind === 'number');
    for (const { address } of numbers) {
      if (this.isEnding) {
        return;
      }
      await this.take(tenant, row, (await provider.received?.(address, since)) ?? []);
    }
  }

  private async take(
    tenant: Tenant,
    { id, kind, public: shown }: ProviderOf,
    texts: readonly KeptText[],
  ): Promise<void> {
    const provider = `${kind}:${id}`;
    const ids = texts.map(({ providerMessageId }) => providerMessageId);
    const told = await this.deliveries.findTold(tenant, provider, ids);
    // It answers keywords itself, as it did when it heard this one.
    const isAnswered = shown.replies !== 'ours';
    for (const text of texts.filter(
      ({ providerMessageId, from }) => !told.has(providerMessageId) && SENDER.test(from),
    )) {
      try {
        await this.inbound.receive(tenant, {
          ...text,
          media: await text.media(),
          providerId: id,
          provider,
          isAnswered,
        });
      } catch (error) {
        // One that nobody can take must not keep the others out.
        if (!(error instanceof Refusal) || error.kind === 'unavailable') {
          throw error;
        }
        this.logger.warn(`A message that was missed was not taken: ${error.message}`);
      }
    }
  }
}
