import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ChannelsModule } from './channels/channels.module.js';
import { ClientsModule } from './clients/clients.module.js';
import { ErrorFilter } from './common/errors/error.filter.js';
import { InputPipe } from './common/fields/input.pipe.js';
import { RateLimits } from './common/rate-limit/rate-limits.js';
import { ClientKeyCredentials } from './clients/client-key.credentials.js';
import { ALL_CREDENTIALS, type Credentials } from './common/tenancy/credentials.js';
import { TenantGuard } from './common/tenancy/tenant.guard.js';
import type { Config } from './config.js';
import { CustomersModule } from './customers/customers.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { FeedModule } from './realtime/feed.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WorkerModule } from './worker/worker.module.js';

@Module({})
export class AppModule {
  static of(config: Config, databaseUrl: string): DynamicModule {
    const webhooks = WebhooksModule.with(config);
    return {
      module: AppModule,
      imports: [
        DatabaseModule.connect({ url: databaseUrl, poolSize: config.databasePool, migrate: config.migrate }),
        JobsModule.with({
          redisUrl: config.redisUrl,
          sharedDatabaseUrl: config.databaseUrl === undefined ? undefined : config.databaseDirectUrl,
        }),
        // The busiest routes first: Express tries them in this order.
        MessagesModule,
        ChannelsModule,
        CustomersModule,
        EventsModule,
        webhooks,
        ClientsModule.with(config.adminKey),
        FeedModule,
        HealthModule,
        ...(config.role === 'web' ? [] : [WorkerModule.with(config.databaseDirectUrl ?? databaseUrl, webhooks)]),
      ],
      providers: [
        { provide: RateLimits, useValue: new RateLimits(config.rateLimit) },
        { provide: ALL_CREDENTIALS, inject: [ClientKeyCredentials], useFactory: (...all: Credentials[]) => all },
        { provide: APP_GUARD, useClass: TenantGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
