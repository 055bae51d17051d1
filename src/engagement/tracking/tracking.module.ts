import { Module } from '@nestjs/common';
import { EmailModule } from '../../delivery/email/email.module.js';
import { TrackingUrls } from './tracking-urls.js';
import { Opens } from './opens.js';
import { TrackingRepository } from './tracking.repository.js';
import { TrackingService } from './tracking.service.js';

/** What readers of campaigns do with their mails. */
@Module({
  imports: [EmailModule],
  providers: [TrackingService, Opens, TrackingRepository, TrackingUrls],
  exports: [TrackingService, TrackingUrls],
})
export class TrackingModule {}
