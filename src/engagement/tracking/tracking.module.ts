import { Module } from '@nestjs/common';
import { EmailModule } from '../../delivery/email/email.module.js';
import { TrackingUrls } from './tracking-urls.js';
import { TrackingRepository } from './tracking.repository.js';
import { TrackingService } from './tracking.service.js';

/** What readers of campaigns do with their mails. */
@Module({
  imports: [EmailModule],
  providers: [TrackingService, TrackingRepository, TrackingUrls],
  exports: [TrackingService, TrackingUrls],
})
export class TrackingModule {}
