import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import smpp, { type Pdu } from 'smpp';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { DeliveriesService } from '../../deliveries/deliveries.service.js';
import type { InboundService } from '../../inbound/inbound.service.js';
import { SENDER } from '../senders.js';
import { bodyOf, readInbound, textOf } from './smpp-inbound.js';
import { idOfReceipt, isReceipt, readReceipt, type Receipt } from './smpp-receipt.js';
import type { SmppSettings } from './smpp-settings.js';
import type { SmppRepository } from './smpp.repository.js';

/** A receipt may overtake the response to its message, and be about one that is none of ours. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 500;
const { ESME_ROK, ESME_RINVDSTADR, ESME_RX_R_APPN } = smpp.errors as Readonly<
  Record<'ESME_ROK' | 'ESME_RINVDSTADR' | 'ESME_RX_R_APPN', number>
>;

/** Where what a server tells is written down. */
export interface ReceiverServices {
  readonly parts: SmppRepository;
  readonly inbound: InboundService;
  readonly deliveries: DeliveriesService;
  /** Shown with the provider. */
  readonly note: (error: string) => Promise<void>;
}

/** Takes in what a server hands over. The result is the status to answer with: the server forgets what is answered. */
export class SmppReceiver {
  private readonly logger = new Logger('SMPP');
  private readonly provider: string;
  private last: Promise<unknown> = Promise.resolve();

  /** @param deliveryOf the delivery that a message of the server is, as far as this process knows */
  constructor(
    private readonly tenant: Tenant,
    private readonly providerId: string,
    private readonly settings: Pick<SmppSettings, 'dlrIdFormat'>,
    private readonly services: ReceiverServices,
    private readonly deliveryOf: (providerMessageId: string) => string | null,
  ) {
    this.provider = `smpp:${providerId}`;
  }

  /** Receipts in whatever order; what phones say in the order in which it comes. @throws Error where it is to come again */
  take(sessionId: string, pdu: Pdu): Promise<number> {
    if (isReceipt(pdu)) {
      return this.report(pdu);
    }
    const taken = this.last.then(() => this.receive(sessionId, pdu));
    this.last = taken.catch(() => undefined);
    return taken;
  }

  private async report(pdu: Pdu): Promise<number> {
    const receipt = readReceipt(pdu, textOf(bodyOf(pdu), pdu['data_coding']) ?? '');
    if (!receipt) {
      this.logger.warn(`A receipt of ${this.provider} that says nothing`);
    } else if (!(await this.find(receipt))) {
      this.logger.warn(`A receipt of ${this.provider} for a message that it did not get from here`);
    }
    return ESME_ROK;
  }

  private async find({ messageId, report }: Receipt): Promise<boolean> {
    const providerMessageId = idOfReceipt(messageId, this.settings);
    for (let look = 1; ; look += 1) {
      const id = this.deliveryOf(providerMessageId);
      const told = { ...report, providerMessageId };
      if (await this.services.deliveries.reportFrom(this.tenant, this.provider, id, told)) {
        return true;
      }
      if (look === LOOKS) {
        return false;
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }

  private async receive(sessionId: string, pdu: Pdu): Promise<number> {
    const inbound = readInbound(pdu);
    if (!inbound || !SENDER.test(inbound.from)) {
      return this.refuse(ESME_RX_R_APPN, 'A message is no text, or has no sender');
    }
    const whole = await this.services.parts.take(this.tenant, this.providerId, sessionId, inbound);
    return whole ? this.hand(whole, inbound) : ESME_ROK;
  }

  private async hand(
    { id: providerMessageId, body }: { readonly id: string; readonly body: string },
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<number> {
    const { tenant, providerId, provider } = this;
    try {
      // PostgreSQL has no U+0000, and UTF-8 no half of a surrogate pair.
      const text = body.replaceAll('\u0000', '').toWellFormed();
      await this.services.inbound.receive(tenant, { providerId, provider, providerMessageId, from, to, body: text });
      return ESME_ROK;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not_found') {
        return this.refuse(ESME_RINVDSTADR, `Nobody here has the number ${to}`);
      }
      if (error instanceof Refusal && error.kind === 'invalid') {
        return this.refuse(ESME_RX_R_APPN, `A message was refused: ${error.message}`);
      }
      throw error;
    }
  }

  private async refuse(status: number, why: string): Promise<number> {
    await this.services.note(why);
    return status;
  }
}
