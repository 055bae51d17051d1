import { Module } from '@nestjs/common';
import { AiModule } from '../../engagement/ai/ai.module.js';
import { AiRepliesModule } from '../../engagement/ai/replies/ai-replies.module.js';
import { AnalyticsModule } from '../../engagement/analytics/analytics.module.js';
import { EmailModule } from '../../delivery/email/email.module.js';
import { CampaignsModule } from '../../engagement/campaigns/campaigns.module.js';
import { CannedResponsesModule } from '../../engagement/canned-responses/canned-responses.module.js';
import { ContactsModule } from '../../engagement/contacts.module.js';
import { InboxModule } from '../../engagement/conversations/conversations.module.js';
import { FilesModule } from '../../files/files.module.js';
import { RatingsModule } from '../../engagement/ratings/ratings.module.js';
import { EventsModule } from '../../notify/events/events.module.js';
import { KnowledgeModule } from '../../engagement/knowledge/knowledge.module.js';
import { LiveChatModule } from '../../engagement/live-chat/live-chat.module.js';
import { WorkflowsModule } from '../../engagement/workflows/workflows.module.js';
import { UsersModule } from '../../users/users.module.js';
import { WorkspacesModule } from '../../workspaces/workspaces.module.js';
import { EngagementAuthController } from './account/auth.controller.js';
import { ShownUsers } from './account/shown-users.js';
import { EngagementUserController } from './account/user.controller.js';
import { EngagementWorkspaceController } from './account/workspace.controller.js';
import { AiController } from './ai/ai.controller.js';
import { AnalyticsController } from './analytics/analytics.controller.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignSendingController } from './campaigns/campaign-sending.controller.js';
import { CannedResponsesController } from './canned-responses/canned-responses.controller.js';
import { ContactsBulkController } from './contacts/contacts-bulk.controller.js';
import { ContactExportsController } from './contacts/contact-exports.controller.js';
import { EngagementContactsController } from './contacts/contacts.controller.js';
import { InboxController } from './conversations/conversations.controller.js';
import { ConversationMailsController } from './conversations/mails.controller.js';
import { TimelineController } from './conversations/timeline.controller.js';
import { CampaignEvents } from './events/campaign-events.js';
import { EngagementEvents } from './events/engagement-events.js';
import { AiEvents } from './events/ai-events.js';
import { DocumentEvents } from './events/document-events.js';
import { WorkflowEvents } from './events/workflow-events.js';
import { ImportEvents } from './events/import-events.js';
import { EmailAccountsController } from './email-accounts/email-accounts.controller.js';
import { ShownEmailAccounts } from './email-accounts/shown-email-accounts.js';
import { InboundEmailController } from './email-accounts/inbound-email.controller.js';
import { EngagementErrors } from './http/engagement-errors.js';
import { ImportsController } from './imports/imports.controller.js';
import { RatingsController } from './ratings/ratings.controller.js';
import { KnowledgeController } from './knowledge/knowledge.controller.js';
import { LiveChatController } from './live-chat/chats.controller.js';
import { LiveChatDesksController } from './live-chat/desks.controller.js';
import { LiveChatVisitorsController } from './live-chat/visitors.controller.js';
import { EngagementSegmentsController } from './segments/segments.controller.js';
import { EngagementSuppressionsController } from './suppressions/suppressions.controller.js';
import { TrackingController } from './tracking/tracking.controller.js';
import { UnsubscribeController } from './tracking/unsubscribe.controller.js';
import { TrackingEvents } from './events/tracking-events.js';
import { TrackingModule } from '../../engagement/tracking/tracking.module.js';
import { EngagementTagsController } from './tags/tags.controller.js';
import { ExecutionsController } from './workflows/executions.controller.js';
import { HooksController } from './workflows/hooks.controller.js';
import { WorkflowsController } from './workflows/workflows.controller.js';

/** Contacts and the team's inbox: groups under `/api/v1`, beside the core's. */
@Module({
  imports: [
    ContactsModule,
    FilesModule,
    UsersModule,
    WorkspacesModule,
    CampaignsModule,
    CannedResponsesModule,
    InboxModule,
    LiveChatModule,
    KnowledgeModule,
    WorkflowsModule,
    AnalyticsModule,
    ...[AiModule, AiRepliesModule],
    RatingsModule,
    EventsModule,
    EmailModule,
    TrackingModule,
  ],
  controllers: [
    ...[EngagementAuthController, EngagementUserController, EngagementWorkspaceController],
    // Literal routes before those of one contact.
    ...[ContactsBulkController, ContactExportsController, ImportsController],
    ...[EngagementContactsController, EngagementTagsController],
    ...[EngagementSegmentsController, EngagementSuppressionsController],
    ...[CampaignsController, CampaignSendingController],
    ...[CannedResponsesController, InboxController, TimelineController, RatingsController, AnalyticsController],
    ...[KnowledgeController, AiController],
    ...[WorkflowsController, ExecutionsController, HooksController],
    ...[LiveChatDesksController, LiveChatController, LiveChatVisitorsController],
    ...[EmailAccountsController, InboundEmailController, ConversationMailsController],
    ...[TrackingController, UnsubscribeController],
  ],
  providers: [
    ...[EngagementErrors, EngagementEvents, ImportEvents, DocumentEvents, AiEvents, CampaignEvents, TrackingEvents],
    WorkflowEvents,
    ...[ShownUsers, ShownEmailAccounts],
  ],
  exports: [EngagementErrors],
})
export class EngagementModule {}
