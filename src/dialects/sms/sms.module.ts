import { Module } from '@nestjs/common';
import { SmsAuthModule } from './auth/auth.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { MessagesCredentials } from './http/messages.credentials.js';
import { UsersModule } from '../../users/users.module.js';
import { WorkspacesModule } from '../../workspaces/workspaces.module.js';
import { AcceptanceController } from './workspaces/acceptance.controller.js';
import { WorkspaceKeysController } from './workspaces/api-keys.controller.js';
import { InvitationsController } from './workspaces/invitations.controller.js';
import { WorkspaceMembersController } from './workspaces/members.controller.js';
import { PersonalTokensController } from './workspaces/personal-tokens.controller.js';
import { WorkspacesController } from './workspaces/workspaces.controller.js';
import { LimitsController } from './limits/limits.controller.js';
import { AuditLogController } from './audit/audit.controller.js';
import { TextConversationsController } from './conversations/conversations.controller.js';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { RealtimeModule } from '../../notify/realtime/realtime.module.js';
import { FeedModule } from '../../platform/outbox/feed.module.js';
import { MemberSocketsModule } from '../../workspaces/sockets/member-sockets.module.js';
import { SmsErrors } from './http/sms-errors.js';
import { StatsController } from './stats/stats.controller.js';
import { MediaController } from './media/media.controller.js';
import { SimulatorController } from './messages/simulator.controller.js';
import { TextMessagesController } from './messages/text-messages.controller.js';
import { UiMessagesController } from './messages/ui-messages.controller.js';
import { NumbersController } from './numbers/numbers.controller.js';
import { VerificationController } from './numbers/verification.controller.js';
import { OptOutsController } from './opt-outs/opt-outs.controller.js';
import { CallbacksController } from './providers/callbacks.controller.js';
import { ProviderController } from './providers/provider.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { UiAdmission } from './socket/ui-admission.js';
import { UiInbound } from './socket/ui-inbound.js';
import { UiRooms } from './socket/ui-rooms.js';
import { UiRouter } from './socket/ui-router.js';
import { UiSockets } from './socket/ui-sockets.js';
import { UiSubscriptions } from './socket/ui-subscriptions.js';

/** Workspaces and their users under `/api/ui` and `/api/auth`, and text messages. */
@Module({
  imports: [
    ...[ClientsModule, DeliveryModule, UsersModule, WorkspacesModule, SmsAuthModule],
    ...[FeedModule, RealtimeModule, MemberSocketsModule],
  ],
  controllers: [
    ...[TextMessagesController, WorkspacesController, UiMessagesController, SimulatorController],
    ...[TextConversationsController, StatsController, OptOutsController, TemplatesController],
    ...[NumbersController, VerificationController, ProviderController, CallbacksController, MediaController],
    ...[WorkspaceMembersController, InvitationsController, WorkspaceKeysController, PersonalTokensController],
    ...[AcceptanceController, AuditLogController, LimitsController],
  ],
  providers: [
    ...[SmsErrors, MessagesCredentials],
    ...[UiSockets, UiAdmission, UiInbound, UiSubscriptions, UiRooms, UiRouter],
  ],
  exports: [SmsErrors, MessagesCredentials],
})
export class SmsModule {}
