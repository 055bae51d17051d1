import { Module } from '@nestjs/common';
import { Config } from '../../config.js';
import { OutboundModule } from '../../platform/common/outbound/outbound.module.js';
import { OutboundPolicy } from '../../platform/common/outbound/outbound-policy.js';
import { AiSecretRotation } from './ai-secret-rotation.js';
import { AiSettingsRepository } from './ai-settings.repository.js';
import { AiSettingsService } from './ai-settings.service.js';
import { ModelsService } from './models.service.js';
import { OpenAiProvider } from './openai-provider.js';
import { Provider } from './provider.js';

/** Who is asked for words and vectors, and what that costs. */
@Module({
  imports: [OutboundModule],
  providers: [
    ...[AiSettingsService, AiSettingsRepository, AiSecretRotation, ModelsService],
    {
      provide: Provider,
      inject: [OutboundPolicy, Config],
      useFactory: ({ resolve }: OutboundPolicy, { ai }: Config) => new OpenAiProvider(resolve, ai.timeout * 1_000),
    },
  ],
  exports: [AiSettingsService, ModelsService],
})
export class AiModule {}
