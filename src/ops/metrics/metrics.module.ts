import { Module } from '@nestjs/common';
import { FeedModule } from '../../platform/outbox/feed.module.js';
import { Gauges } from './gauges.js';
import { MetricsServer } from './metrics-server.js';

@Module({
  imports: [FeedModule],
  providers: [Gauges, MetricsServer],
})
export class MetricsModule {}
