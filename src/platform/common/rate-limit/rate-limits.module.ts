import { Global, Module } from '@nestjs/common';
import { Config } from '../../../config.js';
import { Buckets, MemoryBuckets } from './buckets.js';
import { RateLimits } from './rate-limits.js';
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
      inject: [Config, Buckets],
      useFactory: ({ rateLimit, clientRateLimit, limitImportExport, limitLiveChat }: Config, buckets: Buckets) =>
        new RateLimits(rateLimit, clientRateLimit, buckets, {
          import_export: limitImportExport,
          live_chat: limitLiveChat,
        }),
    },
  ],
  exports: [RateLimits, Buckets],
})
export class RateLimitsModule {}
