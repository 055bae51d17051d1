import { Module } from '@nestjs/common';
import { SmsAuthModule } from './auth/auth.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { MessagesCredentials } from './http/messages.credentials.js';
import { WorkspacesModule } from '../../workspaces/workspaces.module.js';
import { WorkspacesController } from './workspaces/workspaces.controller.js';
import { SmsErrors } from './http/sms-errors.js';

/** Workspaces and their users under `/api/ui` and `/api/auth`, and text messages. */
@Module({
  imports: [ClientsModule, WorkspacesModule, SmsAuthModule],
  controllers: [WorkspacesController],
  providers: [SmsErrors, MessagesCredentials],
  exports: [SmsErrors, MessagesCredentials],
})
export class SmsModule {}
