import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Buckets, MemoryBuckets } from './buckets.js';
import { RateLimits } from './rate-limits.js';
import { RedisBuckets } from './redis-buckets.js';

export interface RateLimitSettings {
  readonly rateLimit: number | false;
  readonly clientRateLimit: number | false;
  /** Absent: each process counts for itself. */
  readonly redisUrl: string | undefined;
}

@Global()
@Module({})
export class RateLimitsModule {
  static with({ rateLimit, clientRateLimit, redisUrl }: RateLimitSettings): DynamicModule {
    return {
      module: RateLimitsModule,
      providers: [
        {
          provide: Buckets,
          useFactory: () =>
            rateLimit === false || redisUrl === undefined ? new MemoryBuckets() : new RedisBuckets(redisUrl),
        },
        {
          provide: RateLimits,
          inject: [Buckets],
          useFactory: (buckets: Buckets) => new RateLimits(rateLimit, clientRateLimit, buckets),
        },
      ],
      exports: [RateLimits],
    };
  }
}
