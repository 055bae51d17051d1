import { Global, Module } from '@nestjs/common';
import { Config } from '../../../config.js';
import { Buckets, MemoryBuckets } from './buckets.js';
import { RateLimits } from './rate-limits.js';
import { RatesOfClients } from './rates-of-clients.js';
import { RedisBuckets } from './redis-buckets.js';

@Global()
@Module({
  providers: [
    {
      provide: Buckets,
      inject: [Config],
      // Without Redis each process counts for itself.
      useFactory: ({ rateLimit, redisUrl }: Config) =>
        rateLimit === false || redisUrl === undefined ? new MemoryBuckets() : new RedisBuckets(redisUrl),
    },
    {
      provide: RateLimits,
      inject: [Config, Buckets, RatesOfClients],
      useFactory: (config: Config, buckets: Buckets, ofClients: RatesOfClients) =>
        new RateLimits(
          config.rateLimit,
          config.clientRateLimit,
          buckets,
          {
            import_export: config.limitImportExport,
            live_chat: config.limitLiveChat,
            kb_scrape: config.limitKbScrape,
            ai_reply: config.limitAiReply,
            ai_sentiment: config.limitAiSentiment,
            campaign_send: config.limitCampaignSend,
          },
          { tracking: config.limitTracking, unsubscribe: config.limitUnsubscribe },
          ofClients,
        ),
    },
  ],
  exports: [RateLimits, Buckets],
})
export class RateLimitsModule {}
