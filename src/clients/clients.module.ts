import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OperatorCredentials, PageCredentials } from '../platform/common/tenancy/credentials.js';
import { AdminClientsController } from './admin-clients.controller.js';
import { AdminKeysController } from './admin-keys.controller.js';
import { AdminLimitsController } from './admin-limits.controller.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { CallersModule } from './callers.module.js';
import { ClientKeyCredentials } from './client-key.credentials.js';
import { ClientController } from './client.controller.js';
import { Client } from './client.entity.js';
import { ClientsRepository } from './clients.repository.js';
import { ClientsService } from './clients.service.js';
import { KeyCache } from './key-cache.js';
import { KeyUses } from './key-uses.js';
import { AdminKeyCredentials } from './operator.credentials.js';
import { PublicKeyCredentials } from './public-key.credentials.js';
import { RatesModule } from './rates.module.js';

@Module({
  imports: [CallersModule, RatesModule, TypeOrmModule.forFeature([Client, ApiKey])],
  controllers: [ClientController, AdminClientsController, AdminKeysController, AdminLimitsController],
  providers: [
    ClientsRepository,
    ApiKeysRepository,
    ClientsService,
    ApiKeysService,
    KeyCache,
    KeyUses,
    ClientKeyCredentials,
    { provide: OperatorCredentials, useClass: AdminKeyCredentials },
    { provide: PageCredentials, useClass: PublicKeyCredentials },
  ],
  exports: [
    ClientsService,
    ApiKeysService,
    KeyCache,
    KeyUses,
    ClientKeyCredentials,
    OperatorCredentials,
    PageCredentials,
  ],
})
export class ClientsModule {}
