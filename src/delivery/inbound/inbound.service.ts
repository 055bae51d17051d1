import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../../channels/channels.service.js';
import { ClientsService } from '../../clients/clients.service.js';
import { CustomersService } from '../../customers/customers.service.js';
import { MessagesService } from '../../messages/messages.service.js';
import { notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Database } from '../../platform/database/database.js';
import { AddressesService } from '../addresses/addresses.service.js';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { segmentsOf } from '../deliveries/segments.js';
import { keywordIn, type Keyword } from '../opt-outs/keywords.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import type { InboundMedia } from '../providers/callback.js';
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
  readonly body: string;
  /** Files that came with it, at the provider. */
  readonly media?: readonly InboundMedia[];
  /** What the provider took it for; absent where that is left to us. */
  readonly keyword?: Keyword;
  /** Whether the provider has answered a keyword already. */
  readonly isAnswered?: boolean;
}

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
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.take(tenant, text);
      } catch (error) {
        // Whoever was found was erased before it could speak: now it is somebody new. Its provider may not say it again.
        if (tries === MAX_TRIES || !(error instanceof Refusal) || error.kind === 'not_found') {
          throw error;
        }
      }
    }
  }

  private async take(tenant: Tenant, text: InboundText): Promise<string | null> {
    const address = await this.addresses.findByNumber(tenant, text.to);
    if (address?.providerId !== text.providerId) {
      throw notFound('phone_number');
    }
    if (address.verifiedAt === null && (await this.verification.cameBack(tenant, address.id, text.body))) {
      return null;
    }
    // Before the transaction: whoever is made there locks counters, which come before all that a message locks.
    const thread = await this.threadOf(tenant, address.id, text.from);
    const id = uuidv7();
    const { segments, encoding } = segmentsOf(text.body);
    return this.database.transaction(tenant, async () => {
      if (!(await this.deliveries.receive(tenant, { ...text, ...thread, id, segments, encoding }))) {
        return null;
      }
      const { channelId, personId: senderId } = thread;
      await this.messages.send(tenant, { id, channelId, senderId, type: 'text', content: text.body });
      await this.obey(tenant, thread, text);
      await this.deliveries.announce(tenant, id);
      return id;
    });
  }

  private async threadOf(tenant: Tenant, addressId: string, phone: string): Promise<Thread> {
    const { row: person } = await this.customers.create(tenant, { name: inInternationalFormat(phone), phone });
    const customerIds = [addressId, person.id];
    const { row: channel } = await this.channels.create(tenant, { type: 'general', customerIds });
    return { channelId: channel.id, addressId, personId: person.id };
  }

  /** What a keyword asks for, and the answer to it, in the transaction of the message. */
  private async obey(tenant: Tenant, thread: Thread, text: InboundText): Promise<void> {
    const { from, body, isAnswered = false } = text;
    const { optOut: rules } = await this.settings.recent(tenant);
    const word = keywordIn(body, rules.stop);
    const said = text.keyword ? { keyword: text.keyword, word: word?.word ?? text.keyword.toUpperCase() } : word;
    if (!said) {
      return;
    }
    const { addressId, personId, channelId } = thread;
    const { keyword } = said;
    const optOut = { addressId, personId, number: from, source: 'keyword', keyword: said.word } as const;
    const deserves = {
      stop: async () => (await this.optOuts.begin(tenant, optOut)) !== null,
      start: () => this.optOuts.endOfNumber(tenant, addressId, from),
      help: async () => !(await this.deliveries.repliedLately(tenant, addressId, channelId)),
    };
    if ((await deserves[keyword]()) && !isAnswered) {
      const { name } = await this.clients.getAny(tenant.clientId);
      const content = optOutRulesOf(name, rules).replies[keyword];
      if (content === '') {
        return;
      }
      const reply = await this.messages.send(tenant, { channelId, senderId: addressId, type: 'text', content });
      await this.deliveries.allow(tenant, reply.id);
    }
  }
}
