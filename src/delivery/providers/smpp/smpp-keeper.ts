import { Injectable } from '@nestjs/common';
import { Keeper } from '../../../notify/worker/keeper.js';
import { Replicas } from '../../../platform/cluster/replicas.js';
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

/**
 * Binds this process to the SMPP providers that it holds. Each has one bind, for most servers allow no more: the process that
 * holds a provider does all that is to be done for its messages.
 */
@Injectable()
export class SmppKeeper extends Keeper<HeldProvider, SmppBind> {
  constructor(
    private readonly rows: SmppRepository,
    replicas: Replicas,
    private readonly binds: SmppBinds,
    private readonly secrets: ProviderSecrets,
    private readonly providers: ProvidersService,
    private readonly policy: OutboundPolicy,
    private readonly inbound: InboundService,
    private readonly deliveries: DeliveriesService,
  ) {
    super(replicas, 'SMPP', 'SMPP providers can not be bound to');
  }

  protected override hold(): Promise<HeldProvider[]> {
    return this.rows.hold(this.replicas.id, MAX_MORE);
  }

  protected override async open(provider: HeldProvider): Promise<SmppBind> {
    const bind = await this.bindTo(provider);
    this.binds.set(provider, provider.id, bind);
    return bind;
  }

  protected override async close(bind: SmppBind, provider: HeldProvider): Promise<void> {
    this.binds.delete(provider, provider.id);
    await bind.stop();
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
