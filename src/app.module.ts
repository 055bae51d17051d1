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
import { FilesModule } from './files/files.module.js';
import { HealthModule } from './health/health.module.js';
import { MessagesModule } from './messages/messages.module.js';

@Module({})
export class AppModule {
  static of(config: Config, databaseUrl: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.connect({ url: databaseUrl, poolSize: config.databasePool, migrate: config.migrate }),
        // The busiest routes first: Express tries them in this order.
        MessagesModule,
        ChannelsModule,
        CustomersModule,
        FilesModule.with(config),
        ClientsModule.with(config.adminKey),
        HealthModule,
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
