import { Module } from '@nestjs/common';
import { AnalyticsRepository } from './analytics.repository.js';
import { AnalyticsService } from './analytics.service.js';

@Module({ providers: [AnalyticsService, AnalyticsRepository], exports: [AnalyticsService] })
export class AnalyticsModule {}
