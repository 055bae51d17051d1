import { dial } from '../../../platform/common/outbound/dial.js';
import type { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MessageProvider, OutboundText, ProviderAccount, SendOutcome } from '../provider.js';
import type { SmppBind } from './smpp-bind.js';
import type { SmppBinds } from './smpp-binds.js';
import { BindRefused, SmppSession } from './smpp-session.js';
import { settingsOf } from './smpp-settings.js';
import { isBoundElsewhere } from './smpp-status.js';

/** An account at an SMPP server, spoken to by the one bind that it has, in the process that holds it. */
export class SmppProvider implements MessageProvider {
  readonly pollsAfterSeconds = [];
  readonly isIdempotent = false;

  constructor(
    private readonly account: ProviderAccount,
    private readonly binds: SmppBinds,
    private readonly policy: OutboundPolicy,
  ) {}

  /** What comes without its turn waits for it here. */
  async send(tenant: Tenant, message: OutboundText): Promise<SendOutcome> {
    const turn = await this.bind?.begin();
    return turn && turn !== 'later'
      ? turn.send(tenant, message)
      : { kind: 'later', retryAfter: null, errorCode: 'provider_unreachable' };
  }

  /** Servers are not asked: they know messages by their own ids only. */
  find(_: Tenant, { id }: OutboundText): Promise<readonly string[]> {
    const found = this.bind?.find(id) ?? null;
    return Promise.resolve(found === null ? [] : [found]);
  }

  status(): Promise<null> {
    return Promise.resolve(null);
  }

  ownsNumber(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }

  /** By a bind that ends at once. */
  async verify(): Promise<string | null> {
    const { tenant, shown, secret } = this.account;
    const settings = settingsOf(shown, secret);
    const socket = await dial(settings, this.policy.rulesFor(tenant), this.policy.resolve);
    try {
      const session = await SmppSession.bind(socket, settings, () => Promise.reject(new Error('Only trying')));
      await session.close();
      return null;
    } catch (error) {
      if (error instanceof BindRefused) {
        return isBoundElsewhere(error.status) ? null : error.message;
      }
      throw error;
    }
  }

  /** Null where another process has it, or it is only tried out. */
  private get bind(): SmppBind | null {
    const { id, tenant } = this.account;
    return id === null ? null : this.binds.find(tenant, id);
  }
}
