import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { RatingsRepository } from './ratings.repository.js';
import { RatingsService } from './ratings.service.js';

/** How contacts say it went. */
@Module({
  imports: [ClientsModule],
  providers: [RatingsService, RatingsRepository],
  exports: [RatingsService],
})
export class RatingsModule {}
