import { Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { OutboundClient } from '../../platform/common/outbound/outbound-client.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { DevicesController } from './devices.controller.js';
import { DevicesRepository } from './devices.repository.js';
import { DevicesService } from './devices.service.js';
import { PushCredentialsController } from './push-credentials.controller.js';
import { PushCredentialsRepository } from './push-credentials.repository.js';
import { PushCredentialsService } from './push-credentials.service.js';
import { PushDispatcher } from './push-dispatcher.js';
import { PushesRepository } from './pushes.repository.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { PushSecretRotation } from './push-secret-rotation.js';
import { TIMEOUT_MS } from './senders/sender.js';
import { Senders } from './senders/senders.js';

@Module({
  imports: [OutboundModule],
  controllers: [DevicesController, PushCredentialsController],
  providers: [
    DevicesService,
    DevicesRepository,
    PushCredentialsService,
    PushCredentialsRepository,
    PushSecretRotation,
    PushDispatcher,
    PushesRepository,
    {
      provide: Senders,
      inject: [SecretBox, OutboundPolicy, Config],
      useFactory: (box: SecretBox, policy: OutboundPolicy, { push }: Config) =>
        new Senders(box, push, new OutboundClient(policy.resolve, TIMEOUT_MS), policy),
    },
  ],
  exports: [DevicesService, PushDispatcher],
})
export class PushModule {}
