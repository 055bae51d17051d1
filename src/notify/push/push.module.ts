import { Module, type DynamicModule } from '@nestjs/common';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundClient } from '../../platform/common/outbound/outbound-client.js';
import { askDns } from '../../platform/common/outbound/names.js';
import { DevicesController } from './devices.controller.js';
import { DevicesRepository } from './devices.repository.js';
import { DevicesService } from './devices.service.js';
import { PushCredentialsController } from './push-credentials.controller.js';
import { PushCredentialsRepository } from './push-credentials.repository.js';
import { PushCredentialsService } from './push-credentials.service.js';
import type { PushSettings } from './push-settings.js';
import { PushDispatcher } from './push-dispatcher.js';
import { PushesRepository } from './pushes.repository.js';
import { SecretBox, type SecretSettings } from './secret-box.js';
import { SecretRotation } from './secret-rotation.js';
import { TIMEOUT } from './senders/sender.js';
import { Senders } from './senders/senders.js';

interface Settings extends SecretSettings {
  readonly push: PushSettings;
  readonly dnsServers: readonly string[] | undefined;
}

@Module({})
export class PushModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: PushModule,
      controllers: [DevicesController, PushCredentialsController],
      providers: [
        DevicesService,
        DevicesRepository,
        PushCredentialsService,
        PushCredentialsRepository,
        SecretRotation,
        PushDispatcher,
        PushesRepository,
        {
          provide: OutboundPolicy,
          useFactory: () => new OutboundPolicy(settings.production, askDns(settings.dnsServers)),
        },
        { provide: SecretBox, useFactory: () => new SecretBox(settings) },
        {
          provide: Senders,
          inject: [SecretBox, OutboundPolicy],
          useFactory: (box: SecretBox, destinations: OutboundPolicy) =>
            new Senders(box, settings.push, new OutboundClient(destinations.resolve, TIMEOUT), destinations),
        },
      ],
      exports: [DevicesService, PushDispatcher],
    };
  }
}
