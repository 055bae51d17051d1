import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { InboundService } from '../inbound/inbound.service.js';
import { OutboundMedia } from '../media/outbound-media.js';
import { ProvidersService } from './providers.service.js';

/** What a phone is to send. */
export interface SimulatedText {
  readonly from: string;
  readonly to: string;
  readonly body?: string | null;
  readonly mediaUrls?: readonly string[] | null;
  /** Files of the client's that the phone has, and sends back. */
  readonly media?: readonly { readonly fileId: string }[];
}

/** The phones of test clients. */
@Injectable()
export class SimulatedPhone {
  constructor(
    private readonly inbound: InboundService,
    private readonly providers: ProvidersService,
    private readonly outbound: OutboundMedia,
  ) {}

  /**
   * Sends as a phone would.
   * @param name what the provider calls the message: the same is taken in once
   * @returns the id of the message; null where it was there already
   * @throws Refusal 404 where `to` is none of the client's numbers, 422 where there is no simulator
   */
  async say(tenant: Tenant, text: SimulatedText, name: string = uuidv7()): Promise<string | null> {
    const { id: providerId, kind } = await this.providers.get(tenant);
    if (kind !== 'simulator') {
      throw new ReasonedRefusal('invalid_provider', 'Only the simulator can simulate');
    }
    const { from, to, body, mediaUrls } = text;
    this.outbound.check(tenant, mediaUrls ?? []);
    const media = text.media ?? (mediaUrls ?? []).map((url) => ({ url }));
    const provider = `${kind}:${providerId}`;
    return this.inbound.receive(tenant, {
      providerId,
      provider,
      providerMessageId: name,
      from,
      to,
      body: body ?? '',
      media,
    });
  }
}
