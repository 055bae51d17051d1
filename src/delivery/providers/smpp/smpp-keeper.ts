import { isDeepStrictEqual } from 'node:util';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Sweep } from '../../../notify/worker/sweep.js';
import { Replicas } from '../../../platform/cluster/replicas.js';
import { OutageLog } from '../../../platform/common/outage-log.js';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import { DeliveriesService } from '../../deliveries/deliveries.service.js';
import { InboundService } from '../../inbound/inbound.service.js';
import { ProviderSecrets } from '../provider-secrets.js';
import { ProvidersService } from '../providers.service.js';
import type { SmppBind } from './smpp-bind.js';
import { SmppBinds } from './smpp-binds.js';
import { settingsOf } from './smpp-settings.js';
import { SmppRepository, type HeldProvider } from './smpp.repository.js';

/** Taken at once, so that several processes that start together share them. */
const MAX_MORE = 10;

interface Kept {
  readonly provider: HeldProvider;
  readonly bind: SmppBind;
}

/**
 * Binds this process to the SMPP providers that it holds. Each has one bind, for most servers allow no more: the process that
 * holds a provider does all that is to be done for its messages, and gives it up by dying.
 */
@Injectable()
export class SmppKeeper implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('SMPP');
  private readonly outages = new OutageLog(this.logger, 'SMPP providers can not be bound to');
  private readonly sweep = new Sweep(() => this.look());
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly rows: SmppRepository,
    private readonly replicas: Replicas,
    private readonly binds: SmppBinds,
    private readonly secrets: ProviderSecrets,
    private readonly providers: ProvidersService,
    private readonly policy: OutboundPolicy,
    private readonly inbound: InboundService,
    private readonly deliveries: DeliveriesService,
  ) {}

  onApplicationBootstrap(): void {
    void this.replicas.registered.then(() => this.sweep.start());
  }

  onModuleDestroy(): void {
    void this.sweep.end();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweep.end();
    await Promise.all([...this.kept.keys()].map((id) => this.end(id)));
  }

  private async look(): Promise<void> {
    try {
      const held = await this.rows.hold(this.replicas.id, MAX_MORE);
      const ids = new Set(held.map(({ id }) => id));
      await Promise.all([...this.kept.keys()].filter((id) => !ids.has(id)).map((id) => this.end(id)));
      for (const provider of held) {
        // What can not be opened must not keep the others from their binds.
        await this.keep(provider).catch((error: unknown) => this.logger.error(error));
      }
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  /** As it is set now. */
  private async keep(provider: HeldProvider): Promise<void> {
    const { id } = provider;
    const kept = this.kept.get(id);
    if (kept && isDeepStrictEqual(kept.provider, provider)) {
      return;
    }
    await this.end(id);
    const bind = await this.bindTo(provider);
    this.kept.set(id, { provider, bind });
    this.binds.set(provider, id, bind);
  }

  private async end(id: string): Promise<void> {
    const kept = this.kept.get(id);
    if (!kept) {
      return;
    }
    this.kept.delete(id);
    this.binds.delete(kept.provider, id);
    await kept.bind.stop();
  }

  /** What speaks SMPP is read when somebody first has such a provider. */
  private async bindTo(provider: HeldProvider): Promise<SmppBind> {
    const [{ SmppBind }, { SmppReceiver }, { dial }] = await Promise.all([
      import('./smpp-bind.js'),
      import('./smpp-receiver.js'),
      import('../../../platform/common/outbound/dial.js'),
    ]);
    const { id, clientId, livemode, public: shown } = provider;
    const tenant = { clientId, livemode };
    const { current } = await this.secrets.open(tenant, provider);
    const settings = settingsOf(shown, current);
    const note = (error: string): Promise<void> => this.providers.noteError(tenant, id, error);
    const { rows: parts, inbound, deliveries, policy } = this;
    return new SmppBind({
      settings,
      dial: () => dial(settings, policy.rulesFor(tenant), policy.resolve),
      receiverFor: (deliveryOf) =>
        new SmppReceiver(tenant, id, settings, { parts, inbound, deliveries, note }, deliveryOf),
      problem: (why) => {
        this.logger.warn(`SMPP provider ${id} is not bound: ${why}`);
        note(why).catch((error: unknown) => this.outages.began(error));
      },
    });
  }
}
