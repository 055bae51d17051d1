import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../../channels/channels.service.js';
import { ClientsService } from '../../clients/clients.service.js';
import { CustomersService } from '../../customers/customers.service.js';
import { FilesService } from '../../files/files.service.js';
import { MessagesService } from '../../messages/messages.service.js';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { AddressesService, type AddressRow } from '../addresses/addresses.service.js';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { segmentsOf } from '../deliveries/segments.js';
import { keywordIn, type Keyword } from '../opt-outs/keywords.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { composeMessage } from '../media/compose-message.js';
import type { PendingMedia, PendingMessage } from '../worker/delivery-job.entity.js';
import { inInternationalFormat } from '../texts/phone-number.js';
import { VerificationService } from '../verification/verification.service.js';
import { optOutRulesOf } from '../../workspaces/opt-out-words.js';
import { WorkspaceSettingsService } from '../../workspaces/workspace-settings.service.js';

const MAX_TRIES = 3;

/** A text message as a provider hands it over. */
export interface InboundText {
  readonly providerId: string;
  /** The account whose id the message bears. */
  readonly provider: string;
  readonly providerMessageId: string;
  readonly from: string;
  readonly to: string;
  /** The messaging service that it came through; absent or null: none. */
  readonly service?: string | null;
  readonly body: string;
  /** Files that came with it: at the provider, or here already. */
  readonly media?: readonly PendingMedia[];
  /** What the provider took it for; absent where that is left to us. */
  readonly keyword?: Keyword;
  /** Whether the provider has answered a keyword already. */
  readonly isAnswered?: boolean;
  /** When the phone sent it, where that was long ago; absent: just now. */
  readonly sentAt?: Date;
}

/** A message without whom and where. */
type MessageContent = ReturnType<typeof composeMessage>;

interface Thread {
  readonly channelId: string;
  readonly addressId: string;
  readonly personId: string;
}

/** Takes in what phones send. */
@Injectable()
export class InboundService {
  constructor(
    private readonly addresses: AddressesService,
    private readonly customers: CustomersService,
    private readonly channels: ChannelsService,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly clients: ClientsService,
    private readonly deliveries: DeliveriesRepository,
    private readonly optOuts: OptOutsService,
    private readonly settings: WorkspaceSettingsService,
    private readonly verification: VerificationService,
    private readonly database: Database,
  ) {}

  /**
   * However often a provider says it, there is one message and one answer to a keyword.
   * @returns the id of the message; null where it was there already, or is the code of a number
   * @throws Refusal 404 where it went to none of the numbers at its provider
   */
  async receive(tenant: Tenant, text: InboundText): Promise<string | null> {
    const address = await this.addresses.findHearer(tenant, text.providerId, text.to, text.service ?? null);
    if (!address) {
      throw notFound('phone_number');
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.take(tenant, address, text);
      } catch (error) {
        // Whoever was found was erased or merged, or its conversation was, before it could speak: now it is somebody else, or
        // said elsewhere. Its provider may not say it again.
        if (tries === MAX_TRIES || !(error instanceof Refusal)) {
          throw error;
        }
      }
    }
  }

  private async take(tenant: Tenant, address: AddressRow, text: InboundText): Promise<string | null> {
    if (address.verifiedAt === null && (await this.verification.cameBack(tenant, address.id, text.body))) {
      return null;
    }
    // Before the transaction: whoever is made there locks counters, which come before all that a message locks.
    const thread = await this.threadOf(tenant, address.id, text.from);
    const id = uuidv7();
    const message = { body: text.body, media: text.media ?? [] };
    const isHere = message.media.every(({ fileId }) => fileId !== undefined);
    const status = isHere ? 'received' : 'receiving';
    const mediaCount = message.media.length;
    const { segments, encoding } = segmentsOf(text.body);
    const counts = { encoding, segments: mediaCount > 0 ? 1 : segments, mediaCount };
    const said = isHere ? await this.compose(tenant, message) : null;
    return this.database.transaction(tenant, async () => {
      if (!(await this.deliveries.receive(tenant, { ...text, ...thread, id, ...counts, status }))) {
        return null;
      }
      const { channelId, personId: senderId } = thread;
      if (said) {
        await this.messages.send(tenant, { id, channelId, senderId, ...said });
      }
      await this.obey(tenant, thread, text);
      await (said ? this.deliveries.announce(tenant, id) : this.deliveries.expectMedia(tenant, id, channelId, message));
      return id;
    });
  }

  /** Makes the message of a delivery that is `receiving`, with what is here of its files and a line for each other. */
  async complete(tenant: Tenant, id: string, message: PendingMessage): Promise<void> {
    const delivery = await this.deliveries.findSaid(tenant, id);
    const said = await this.compose(tenant, message);
    try {
      await this.database.transaction(tenant, async () => {
        if (delivery?.personId) {
          const { channelId, personId: senderId } = delivery;
          await this.messages.send(tenant, { id, channelId, senderId, ...said });
        }
        await this.deliveries.complete(tenant, id);
      });
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind === 'unavailable') {
        throw error;
      }
      // It is there already, or its conversation went meanwhile: nothing more will come of it.
      await this.deliveries.complete(tenant, id);
    }
  }

  private async compose(tenant: Tenant, { body, media }: PendingMessage): Promise<MessageContent> {
    if (media.length === 0) {
      return { type: 'text', content: body };
    }
    const ids = media.flatMap(({ fileId }) => fileId ?? []);
    const files = await this.files.findUploaded(tenant, ids, null);
    const here = ids.flatMap((id) => files.get(id) ?? []);
    const lines = media.flatMap(({ fileId = '' }, at) =>
      files.has(fileId) ? [] : `[File ${at + 1} of ${media.length} could not be received]`,
    );
    const words = [...(body === '' ? [] : [body]), ...lines].join('\n');
    return here.length === 0 ? { type: 'text', content: words } : composeMessage(words, here);
  }

  private async threadOf(tenant: Tenant, addressId: string, phone: string): Promise<Thread> {
    const { row: person } = await this.customers.create(tenant, { name: inInternationalFormat(phone), phone });
    const customerIds = [addressId, person.id];
    const { row: channel } = await this.channels.create(tenant, { type: 'general', customerIds });
    return { channelId: channel.id, addressId, personId: person.id };
  }

  /** What a keyword asks for, and the answer to it, in the transaction of the message. */
  private async obey(tenant: Tenant, thread: Thread, text: InboundText): Promise<void> {
    const { from, body, isAnswered = false, sentAt } = text;
    const { optOut: rules } = await this.settings.recent(tenant);
    const word = keywordIn(body, rules.stop);
    const said = text.keyword ? { keyword: text.keyword, word: word?.word ?? text.keyword.toUpperCase() } : word;
    if (!said) {
      return;
    }
    const { addressId, personId, channelId } = thread;
    const { keyword } = said;
    const optOut = { addressId, personId, number: from, source: 'keyword', keyword: said.word, at: sentAt } as const;
    const deserves = {
      stop: async () => (await this.optOuts.begin(tenant, optOut)) !== null,
      start: () => this.optOuts.endOfNumber(tenant, addressId, from, sentAt),
      help: async () => !(await this.deliveries.repliedLately(tenant, addressId, channelId)),
    };
    if ((await deserves[keyword]()) && !isAnswered) {
      const { name } = await this.clients.getAny(tenant.clientId);
      const content = optOutRulesOf(name, rules).replies[keyword];
      if (content === '') {
        return;
      }
      await this.deliveries.beginAutomatic(tenant);
      const reply = await this.messages.send(tenant, { channelId, senderId: addressId, type: 'text', content });
      await this.deliveries.allow(tenant, reply.id);
    }
  }
}
