import { Module } from '@nestjs/common';
import { CannedResponsesModule } from '../../engagement/canned-responses/canned-responses.module.js';
import { ContactsModule } from '../../engagement/contacts.module.js';
import { InboxModule } from '../../engagement/conversations/conversations.module.js';
import { UsersModule } from '../../users/users.module.js';
import { WorkspacesModule } from '../../workspaces/workspaces.module.js';
import { EngagementAuthController } from './account/auth.controller.js';
import { ShownUsers } from './account/shown-users.js';
import { EngagementUserController } from './account/user.controller.js';
import { EngagementWorkspaceController } from './account/workspace.controller.js';
import { CannedResponsesController } from './canned-responses/canned-responses.controller.js';
import { EngagementContactsController } from './contacts/contacts.controller.js';
import { InboxController } from './conversations/conversations.controller.js';
import { TimelineController } from './conversations/timeline.controller.js';
import { EngagementErrors } from './http/engagement-errors.js';
import { EngagementSegmentsController } from './segments/segments.controller.js';
import { EngagementSuppressionsController } from './suppressions/suppressions.controller.js';
import { EngagementTagsController } from './tags/tags.controller.js';

/** Contacts and the team's inbox: groups under `/api/v1`, beside the core's. */
@Module({
  imports: [ContactsModule, UsersModule, WorkspacesModule, CannedResponsesModule, InboxModule],
  controllers: [
    ...[EngagementAuthController, EngagementUserController, EngagementWorkspaceController],
    ...[EngagementContactsController, EngagementTagsController],
    ...[EngagementSegmentsController, EngagementSuppressionsController],
    ...[CannedResponsesController, InboxController, TimelineController],
  ],
  providers: [EngagementErrors, ShownUsers],
  exports: [EngagementErrors],
})
export class EngagementModule {}
