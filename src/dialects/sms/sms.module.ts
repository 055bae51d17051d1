import { Module } from '@nestjs/common';
import { SmsAuthModule } from './auth/auth.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { MessagesCredentials } from './http/messages.credentials.js';
import { WorkspacesModule } from '../../workspaces/workspaces.module.js';
import { WorkspacesController } from './workspaces/workspaces.controller.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { SmsErrors } from './http/sms-errors.js';
import { SimulatorController } from './messages/simulator.controller.js';
import { TextMessagesController } from './messages/text-messages.controller.js';
import { UiMessagesController } from './messages/ui-messages.controller.js';
import { NumbersController } from './numbers/numbers.controller.js';
import { ProviderController } from './numbers/provider.controller.js';
import { OptOutsController } from './opt-outs/opt-outs.controller.js';

/** Workspaces and their users under `/api/ui` and `/api/auth`, and text messages. */
@Module({
  imports: [ClientsModule, DeliveryModule, WorkspacesModule, SmsAuthModule],
  controllers: [
    ...[TextMessagesController, WorkspacesController, UiMessagesController, SimulatorController],
    ...[NumbersController, ProviderController, OptOutsController],
  ],
  providers: [SmsErrors, MessagesCredentials],
  exports: [SmsErrors, MessagesCredentials],
})
export class SmsModule {}
