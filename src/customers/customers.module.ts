import { Module } from '@nestjs/common';
import { CallersModule } from '../clients/callers.module.js';
import { CustomerSessionCredentials } from './sessions/customer-session.credentials.js';
import { CustomerSessionsController } from './sessions/customer-sessions.controller.js';
import { CustomerSessionsRepository } from './sessions/customer-sessions.repository.js';
import { CustomerSessionsService } from './sessions/customer-sessions.service.js';
import { CustomersController } from './customers.controller.js';
import { CustomersRepository } from './customers.repository.js';
import { CustomersService } from './customers.service.js';

@Module({
  imports: [CallersModule],
  controllers: [CustomersController, CustomerSessionsController],
  providers: [
    CustomersService,
    CustomersRepository,
    CustomerSessionsService,
    CustomerSessionsRepository,
    CustomerSessionCredentials,
  ],
  exports: [CustomersService, CustomerSessionsService, CustomerSessionCredentials],
})
export class CustomersModule {}
