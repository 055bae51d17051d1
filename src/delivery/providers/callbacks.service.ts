import { Injectable, Logger } from '@nestjs/common';
import { forbidden, notFound, Refusal } from '../../platform/common/errors/refusal.js';
import { Buckets, capacityOf } from '../../platform/common/rate-limit/buckets.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import { InboundService } from '../inbound/inbound.service.js';
import type { CallbackAccount, CallbackReader, CallbackRequest } from './callback.js';
import { Connections } from './connections.js';
import { ProviderSecrets, signers } from './provider-secrets.js';
import { ProvidersRepository } from './providers.repository.js';
import { ProvidersService } from './providers.service.js';

/** Of one provider: whoever guesses gets no further. Callbacks that are signed rightly are not counted. */
const FORGERIES = { perSecond: 10, seconds: 1 } as const;

/** The provider that a path names, and what it told. */
interface Caller {
  readonly tenant: Tenant;
  readonly providerId: string;
  /** As deliveries name it. */
  readonly provider: string;
  readonly reader: CallbackReader;
  readonly account: CallbackAccount;
}

/** What providers tell: that a phone sent something, or what became of a message. However often they do. */
@Injectable()
export class CallbacksService {
  private readonly logger = new Logger('Callbacks');

  constructor(
    private readonly rows: ProvidersRepository,
    private readonly providers: ProvidersService,
    private readonly secrets: ProviderSecrets,
    private readonly connections: Connections,
    private readonly inbound: InboundService,
    private readonly deliveries: DeliveriesService,
    private readonly buckets: Buckets,
  ) {}

  /** @returns what the provider wants to hear @throws Refusal 404, 403, 429 or 422 */
  async receive(
    clientId: string,
    providerId: string,
    request: CallbackRequest,
  ): Promise<CallbackReader['inboundAnswer']> {
    const caller = await this.admit(clientId, providerId, request);
    const { tenant, reader, account, provider } = caller;
    const text = await this.noting(caller, () => reader.readInbound(account, request));
    if (text) {
      await this.noting(caller, () => this.inbound.receive(tenant, { ...text, providerId, provider }));
    }
    return reader.inboundAnswer;
  }

  /** @param deliveryId what the path names @throws Refusal 404, 403, 429 or 422 */
  async report(
    clientId: string,
    providerId: string,
    deliveryId: string | undefined,
    request: CallbackRequest,
  ): Promise<void> {
    const caller = await this.admit(clientId, providerId, request);
    const { tenant, reader, account, provider } = caller;
    const told = await this.noting(caller, () => reader.readStatus(account, request));
    if (!told) {
      return;
    }
    const { report, providerMessageId } = told;
    if (report === null) {
      this.logger.warn(`A status that nobody knows from ${provider}`);
      return;
    }
    const id = deliveryId ?? told.deliveryId ?? null;
    const found = await this.deliveries.reportFrom(tenant, provider, id, {
      ...report,
      ...(providerMessageId ? { providerMessageId } : {}),
    });
    if (!found) {
      throw notFound('message');
    }
  }

  private async admit(clientId: string, providerId: string, request: CallbackRequest): Promise<Caller> {
    const row = await this.rows.findForCallback(clientId, providerId);
    const reader = row && (await this.connections.reader(row.kind));
    if (!reader) {
      throw notFound('messaging_provider');
    }
    const tenant = { clientId, livemode: row.livemode };
    const account = { shown: row.public, secrets: signers(await this.secrets.open(tenant, row)) };
    const caller = { tenant, providerId, provider: `${row.kind}:${providerId}`, reader, account };
    if (!reader.isGenuine(account, request)) {
      await this.refuseForgery(caller);
    }
    return caller;
  }

  private async refuseForgery(caller: Caller): Promise<never> {
    const debt = await this.buckets.take(`forgeries:${caller.providerId}`, FORGERIES);
    if (debt > capacityOf(FORGERIES)) {
      throw new Refusal('rate_limited', 'Too many callbacks with a wrong signature', { retryAfter: 1 });
    }
    return this.noting(caller, () => Promise.reject(forbidden('The signature does not match')));
  }

  /** What is refused is shown with the provider: nobody else reads what it is answered. */
  private async noting<T>({ tenant, providerId }: Caller, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) {
        await this.providers.noteError(tenant, providerId, `A callback was refused: ${sentenceOf(error)}`);
      }
      throw error;
    }
  }
}

function sentenceOf({ message, details }: Refusal): string {
  return [message, ...Object.values(details.errors ?? {}).flat()].join(' ');
}
