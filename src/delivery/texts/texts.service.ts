import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { CustomersService } from '../../customers/customers.service.js';
import { MessagesService, type ChannelMessage } from '../../messages/messages.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { alreadyExists, InvalidInput, notFound } from '../../platform/common/errors/refusal.js';
import { now } from '../../platform/common/clock.js';
import { DAY_MS, MINUTE_MS } from '../../platform/common/durations.js';
import type { KeyedRequest } from '../../platform/common/idempotency/idempotency-ledger.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { WorkspaceSettingsService } from '../../workspaces/workspace-settings.service.js';
import type { Sliced } from '../../platform/database/numbered-list.js';
import { AddressesService, type AddressRow } from '../addresses/addresses.service.js';
import type { FileRow } from '../../files/files.service.js';
import type { Direction } from '../deliveries/delivery.entity.js';
import type { DeliveryStatus } from '../deliveries/delivery-status.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import { composeMessage } from '../media/compose-message.js';
import { MediaService, type Signed } from '../media/media.service.js';
import { OutboundMedia } from '../media/outbound-media.js';
import { ProvidersService } from '../providers/providers.service.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { refuseTooLong, segmentsOf, type Segmentation } from '../deliveries/segments.js';
import { bodyToSend } from '../deliveries/smart-encoding.js';
import { TemplatesService } from '../templates/templates.service.js';
import { inInternationalFormat } from './phone-number.js';
import { PhoneNumbers } from './phone-numbers.js';
import { TextsRepository, type Slice, type StoredText } from './texts.repository.js';

/** A text message with how it travelled, and addresses for its files. */
export type TextRow = Signed<StoredText>;

/** What a message says, wherever it goes. */
export interface TextContent {
  /** Absent where there are media, or a template. */
  readonly body?: string | null;
  /** Where its files are. */
  readonly mediaUrls?: readonly string[] | null;
}

export interface NewText extends TextContent {
  readonly to: string;
  /** Says what the body would. */
  readonly templateId?: string | null;
  /** What its variables are filled with. */
  readonly variables?: Readonly<Record<string, string>> | null;
  /** Absent: the default number. */
  readonly from?: string | null;
  /** Whether the number itself speaks, though it be in a messaging service: it goes on with a conversation of its own. */
  readonly alone?: boolean;
  /** Absent: at once. */
  readonly scheduleAt?: Date | null;
  /** Seconds after which it is not to go out any more. */
  readonly validityPeriod?: number | null;
  /** Where it is said; absent: where these two talk, which is made where they never did. */
  readonly channelId?: string;
}

/** A checked text. */
export interface PreparedText {
  readonly addressId: string;
  readonly to: string;
  /** Null where the two have none yet. */
  readonly channelId: string | null;
  readonly body: string;
  readonly sendAt: Date | null;
  readonly validitySeconds: number | null;
  readonly files: readonly FileRow[];
}

/** Who speaks as the number: a user, or a program by a key. */
export interface Speaker {
  readonly userId?: string;
  readonly keyId?: string;
}

/** What is kept of one under the key of its request. */
export interface SentText {
  /** The message's. */
  readonly id: string;
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
    private readonly templates: TemplatesService,
    private readonly addresses: AddressesService,
    private readonly customers: CustomersService,
    private readonly channels: ChannelsService,
    private readonly messages: MessagesService,
    private readonly optOuts: OptOutsService,
    private readonly settings: WorkspaceSettingsService,
    private readonly deliveries: DeliveriesService,
    private readonly providers: ProvidersService,
    private readonly outbound: OutboundMedia,
    private readonly media: MediaService,
    private readonly database: Database,
  ) {}

  /** One look-up where the pair is known. @throws Refusal 422, for the first reason of a fixed order */
  async prepare(tenant: Tenant, text: NewText): Promise<PreparedText> {
    refuseUntimely(text.scheduleAt);
    refuseUnused(text);
    const to = await this.numbers.get(tenant, text.to);
    const body = text.templateId
      ? await this.templates.fill(tenant, text.templateId, text.variables ?? {}, to)
      : (text.body ?? '');
    refuseTooLong(body);
    const from = text.from ? ((await this.numbers.find(tenant, text.from)) ?? text.from) : null;
    const address = await this.speakerOf(tenant, from, text.alone);
    const addressId = address.id;
    const files = text.mediaUrls ? await this.fetch(tenant, address, text.mediaUrls) : [];
    const { channelId, isOptedOut } = await this.texts.findThread(tenant, addressId, to);
    if (isOptedOut) {
      throw new ReasonedRefusal('recipient_opted_out', 'The recipient has opted out of your messages');
    }
    return {
      ...{ addressId, to, channelId: text.channelId ?? channelId, body, files },
      ...{ sendAt: text.scheduleAt ?? null, validitySeconds: text.validityPeriod ?? null },
    };
  }

  /**
   * Accepts it; the worker sends it.
   * @returns the id of the message
   */
  async write(tenant: Tenant, text: PreparedText, { userId, keyId }: Speaker): Promise<string> {
    const channelId = text.channelId ?? (await this.openThread(tenant, text));
    const message = { ...messageOf(text, channelId), keyId };
    if (userId === undefined && !isTimed(text)) {
      return (await this.messages.send(tenant, message)).id;
    }
    return this.database.transaction(tenant, async () => {
      const { id } = await this.messages.send(tenant, message);
      if (userId !== undefined) {
        await this.texts.sign(tenant, id, userId);
      }
      if (isTimed(text)) {
        await this.deliveries.schedule(tenant, id, text.sendAt, text.validitySeconds);
      }
      return id;
    });
  }

  /** The same in one statement with the claim of its request's key, or `otherwise`. */
  async writeClaiming<T>(
    tenant: Tenant,
    text: PreparedText,
    { keyId }: Speaker,
    claim: KeyedRequest,
    otherwise: () => Promise<T>,
  ): Promise<SentText | T> {
    if (text.channelId === null || isTimed(text) || text.files.length > 0) {
      return otherwise();
    }
    const message = await this.messages.prepare(tenant, { ...messageOf(text, text.channelId), keyId }, null);
    return this.messages.writeClaiming(tenant, message, claim, otherwise);
  }

  /** @throws Refusal 404 */
  async get(tenant: Tenant, id: string | null): Promise<TextRow> {
    const text = id === null ? null : await this.texts.find(tenant, id);
    if (!text) {
      throw notFound('message');
    }
    const [signed] = await this.media.sign(tenant, [text]);
    return signed!;
  }

  /** Where its provider has not been called: it never goes out. Again, nothing changes. @throws Refusal 404 or 409 */
  async cancel(tenant: Tenant, id: string | null): Promise<TextRow> {
    const { id: found } = await this.get(tenant, id);
    if (!(await this.deliveries.cancel(tenant, found))) {
      throw alreadyExists('The message is on its way already, or has ended');
    }
    return this.get(tenant, found);
  }

  /** Newest first. */
  async list(tenant: Tenant, query: TextsQuery): Promise<Sliced<TextRow>> {
    const { items, total } = await this.listStored(tenant, query);
    return { items: await this.media.sign(tenant, items), total };
  }

  private async listStored(tenant: Tenant, query: TextsQuery): Promise<Sliced<StoredText>> {
    const { number, limit, offset, ...filter } = query;
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
    const { smartEncoding } = await this.settings.recent(tenant);
    return { ...segmentsOf(bodyToSend({ body, smartEncoding })), normalizedTo, optedOut };
  }

  private speakerOf(tenant: Tenant, from: string | null, alone = false): Promise<AddressRow> {
    return alone && from !== null ? this.addresses.speakerAlone(tenant, from) : this.addresses.speaker(tenant, from);
  }

  /** @throws Refusal 422, 503 */
  private async fetch(tenant: Tenant, address: AddressRow, urls: readonly string[]): Promise<readonly FileRow[]> {
    this.outbound.check(tenant, urls);
    const maxBytes = this.outbound.maxBytesOf((await this.providers.get(tenant)).kind);
    if (maxBytes === null || !address.capabilities.includes('mms')) {
      throw new ReasonedRefusal('media_not_supported', 'This number, or its provider, sends no media');
    }
    return this.outbound.fetch(tenant, urls, maxBytes);
  }

  private async openThread(tenant: Tenant, { addressId, to }: PreparedText): Promise<string> {
    const { row: person } = await this.customers.create(tenant, { name: inInternationalFormat(to), phone: to });
    const customerIds = [addressId, person.id];
    return (await this.channels.create(tenant, { type: 'general', customerIds })).row.id;
  }
}

function messageOf({ addressId: senderId, body, files }: PreparedText, channelId: string): ChannelMessage {
  return files.length === 0
    ? { channelId, senderId, type: 'text', content: body }
    : { channelId, senderId, ...composeMessage(body, files) };
}

const SOONEST_MS = MINUTE_MS;
const LATEST_MS = 35 * DAY_MS;

/** @throws InvalidInput */
function refuseUntimely(scheduleAt: Date | null | undefined): void {
  const aheadMs = scheduleAt ? scheduleAt.getTime() - now().getTime() : SOONEST_MS;
  if (aheadMs < SOONEST_MS || aheadMs > LATEST_MS) {
    throw new InvalidInput({ scheduleAt: ['The scheduleAt field must be 60 seconds to 35 days from now.'] });
  }
}

/** @throws InvalidInput */
function refuseUnused({ templateId, variables }: NewText): void {
  if (variables && !templateId) {
    throw new InvalidInput({ variables: ['The variables field must be given together with templateId.'] });
  }
}

/** Whether it is made in two steps. */
function isTimed({ sendAt, validitySeconds }: PreparedText): boolean {
  return sendAt !== null || validitySeconds !== null;
}
