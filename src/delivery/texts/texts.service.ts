import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { CustomersService } from '../../customers/customers.service.js';
import { MessagesService } from '../../messages/messages.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { AddressesService } from '../addresses/addresses.service.js';
import type { Direction } from '../deliveries/delivery.entity.js';
import type { DeliveryStatus } from '../deliveries/delivery-status.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { segmentsOf, type Segmentation } from '../deliveries/segments.js';
import { inInternationalFormat } from './phone-number.js';
import { PhoneNumbers } from './phone-numbers.js';
import { TextsRepository, type Slice, type TextRow, type Texts } from './texts.repository.js';

export type { TextRow };

/** UTF-16 units. */
const MAX_BODY_UNITS = 1_600;

export interface NewText {
  readonly to: string;
  readonly body: string;
  /** Absent: the default number. */
  readonly from?: string | null;
}

export interface TextsQuery extends Slice {
  readonly direction?: Direction | null;
  readonly status?: DeliveryStatus | null;
  /** One of the client's. */
  readonly number?: string | null;
  readonly createdAfter?: Date | null;
  readonly createdBefore?: Date | null;
}

/** Text messages: to a phone number, from one of the client's. */
@Injectable()
export class TextsService {
  constructor(
    private readonly texts: TextsRepository,
    private readonly numbers: PhoneNumbers,
    private readonly addresses: AddressesService,
    private readonly customers: CustomersService,
    private readonly channels: ChannelsService,
    private readonly messages: MessagesService,
    private readonly optOuts: OptOutsService,
    private readonly database: Database,
  ) {}

  /**
   * Accepts it; the worker sends it.
   * @param userId who speaks, where it is a user
   * @returns the id of the message
   * @throws Refusal 422, for the first reason of a fixed order
   */
  async send(tenant: Tenant, text: NewText, userId: string | null = null): Promise<string> {
    const to = await this.numbers.get(tenant, text.to);
    if (text.body.length > MAX_BODY_UNITS) {
      throw new ReasonedRefusal('body_too_long', `The body has more than ${MAX_BODY_UNITS} characters`);
    }
    const from = text.from ? ((await this.numbers.find(tenant, text.from)) ?? text.from) : null;
    const { id: addressId } = await this.addresses.speaker(tenant, from);
    const { channelId, isOptedOut } = await this.texts.findThread(tenant, addressId, to);
    if (isOptedOut) {
      throw new ReasonedRefusal('recipient_opted_out', 'The recipient has opted out of your messages');
    }
    const message = {
      channelId: channelId ?? (await this.openThread(tenant, addressId, to)),
      senderId: addressId,
      type: 'text',
      content: text.body,
    } as const;
    if (userId === null) {
      return (await this.messages.send(tenant, message)).id;
    }
    return this.database.transaction(tenant, async () => {
      const { id } = await this.messages.send(tenant, message);
      await this.texts.sign(tenant, id, userId);
      return id;
    });
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string | null): Promise<TextRow> {
    const text = id === null ? null : await this.texts.find(tenant, id);
    if (!text) {
      throw notFound('message');
    }
    return text;
  }

  /** Newest first. */
  async list(tenant: Tenant, { number, limit, offset, ...filter }: TextsQuery): Promise<Texts> {
    if (number === undefined || number === null) {
      return this.texts.list(tenant, { ...filter, addressId: null }, { limit, offset });
    }
    const address = await this.addresses.findByNumber(tenant, (await this.numbers.find(tenant, number)) ?? number);
    return address
      ? this.texts.list(tenant, { ...filter, addressId: address.id }, { limit, offset })
      : { items: [], total: 0 };
  }

  /** What it would cost, and whether it would go out; nothing is stored. */
  async preview(
    tenant: Tenant,
    { body, to }: { readonly body: string; readonly to?: string | null },
  ): Promise<Segmentation & { readonly normalizedTo: string | null; readonly optedOut: boolean }> {
    const normalizedTo = to ? await this.numbers.get(tenant, to) : null;
    const speaker = normalizedTo === null ? null : await this.addresses.findDefault(tenant);
    const optedOut =
      normalizedTo !== null && speaker !== null && (await this.optOuts.isOptedOut(tenant, speaker.id, normalizedTo));
    return { ...segmentsOf(body), normalizedTo, optedOut };
  }

  private async openThread(tenant: Tenant, addressId: string, phone: string): Promise<string> {
    const { row: person } = await this.customers.create(tenant, { name: inInternationalFormat(phone), phone });
    const customerIds = [addressId, person.id];
    return (await this.channels.create(tenant, { type: 'general', customerIds })).row.id;
  }
}
