import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { FilesModule } from '../files/files.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { OutboundModule } from '../platform/common/outbound/outbound.module.js';
import { WorkspacesModule } from '../workspaces/workspaces.module.js';
import { AddressesRepository } from './addresses/addresses.repository.js';
import { AddressesService } from './addresses/addresses.service.js';
import { ConversationsRepository } from './conversations/conversations.repository.js';
import { AddressConversationsService } from './conversations/address-conversations.service.js';
import { NumberCheckService } from './addresses/number-check.service.js';
import { DeliveriesRepository } from './deliveries/deliveries.repository.js';
import { DeliveriesService } from './deliveries/deliveries.service.js';
import { InboundMedia } from './inbound/inbound-media.service.js';
import { InboundService } from './inbound/inbound.service.js';
import { LiveRepository } from './live/live.repository.js';
import { LiveService } from './live/live.service.js';
import { MediaFetcher } from './media/media-fetcher.js';
import { MediaRepository } from './media/media.repository.js';
import { MediaService } from './media/media.service.js';
import { OutboundMedia } from './media/outbound-media.js';
import { OptOutsRepository } from './opt-outs/opt-outs.repository.js';
import { OptOutsService } from './opt-outs/opt-outs.service.js';
import { CallbackUrls } from './providers/callback-urls.js';
import { CallbacksService } from './providers/callbacks.service.js';
import { Connections } from './providers/connections.js';
import { ProviderSecretRotation } from './providers/provider-secret-rotation.js';
import { ProviderSecrets } from './providers/provider-secrets.js';
import { ProviderSetupService } from './providers/provider-setup.service.js';
import { ProvidersRepository } from './providers/providers.repository.js';
import { ProvidersService } from './providers/providers.service.js';
import { StatsRepository } from './stats/stats.repository.js';
import { StatsService } from './stats/stats.service.js';
import { TemplatesRepository } from './templates/templates.repository.js';
import { TemplatesService } from './templates/templates.service.js';
import { PhoneNumbers } from './texts/phone-numbers.js';
import { ProviderTrials } from './texts/provider-trials.js';
import { TextsRepository } from './texts/texts.repository.js';
import { TextsService } from './texts/texts.service.js';
import { SimulatedPhone } from './providers/simulated-phone.js';
import { Simulator } from './providers/simulator.js';
import { CodeSender } from './verification/code-sender.js';
import { CodesRepository } from './verification/codes.repository.js';
import { VerificationService } from './verification/verification.service.js';
import { SmppBinds } from './providers/smpp/smpp-binds.js';
import { SmppRepository } from './providers/smpp/smpp.repository.js';

/** How messages reach phones, and come from them. */
@Module({
  imports: [
    ChannelsModule,
    ClientsModule,
    CustomersModule,
    MessagesModule,
    FilesModule,
    OutboundModule,
    WorkspacesModule,
  ],
  providers: [
    ...[
      AddressesService,
      AddressesRepository,
      NumberCheckService,
      DeliveriesService,
      DeliveriesRepository,
      InboundService,
    ],
    ...[OptOutsService, OptOutsRepository, ProvidersService, ProvidersRepository, Simulator],
    ...[AddressConversationsService, ConversationsRepository, LiveService, LiveRepository],
    ...[ProviderSetupService, ProviderSecrets, ProviderSecretRotation, Connections, CallbacksService, CallbackUrls],
    ...[SmppBinds, SmppRepository, VerificationService, CodesRepository, CodeSender],
    ...[StatsService, StatsRepository, TemplatesService, TemplatesRepository],
    ...[TextsService, TextsRepository, PhoneNumbers, ProviderTrials, SimulatedPhone],
    ...[MediaFetcher, MediaRepository, MediaService, OutboundMedia, InboundMedia],
  ],
  exports: [
    InboundService,
    ProviderSecrets,
    SmppBinds,
    SmppRepository,
    VerificationService,
    CodeSender,
    AddressesService,
    AddressConversationsService,
    CallbacksService,
    CallbackUrls,
    Connections,
    DeliveriesService,
    DeliveriesRepository,
    LiveService,
    InboundMedia,
    InboundService,
    MediaService,
    OutboundMedia,
    NumberCheckService,
    OptOutsService,
    PhoneNumbers,
    ProviderSetupService,
    ProvidersService,
    ProviderTrials,
    SimulatedPhone,
    StatsService,
    TemplatesService,
    TextsService,
  ],
})
export class DeliveryModule {}
