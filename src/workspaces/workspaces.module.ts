import { Module } from '@nestjs/common';
import { CallersModule } from '../clients/callers.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { UserCredentials } from '../platform/common/tenancy/user-credentials.js';
import { UsersModule } from '../users/users.module.js';
import { AuditLog } from './audit/audit-log.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AdminInvitationsController } from './invitations/admin-invitations.controller.js';
import { Acceptances } from './invitations/acceptances.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { WorkspaceMembersRepository } from './members/workspace-members.repository.js';
import { WorkspaceMembersService } from './members/workspace-members.service.js';
import { PersonalTokenCallers } from './tokens/personal-token-callers.js';
import { PersonalTokensRepository } from './tokens/personal-tokens.repository.js';
import { PersonalTokensService } from './tokens/personal-tokens.service.js';
import { Memberships } from './memberships.js';
import { MembershipsRepository } from './memberships.repository.js';
import { SessionCredentials } from './session.credentials.js';
import { UserInCoreCredentials } from './user-in-core.credentials.js';
import { WorkspaceSettingsRepository } from './workspace-settings.repository.js';
import { WorkspaceSettingsService } from './workspace-settings.service.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

@Module({
  imports: [CallersModule, ClientsModule, UsersModule],
  controllers: [AdminInvitationsController],
  providers: [
    ...[AuditLog, AuditRepository],
    ...[WorkspaceMembersService, WorkspaceMembersRepository, PersonalTokensService, PersonalTokensRepository],
    PersonalTokenCallers,
    ...[InvitationsService, Acceptances, InvitationsRepository],
    Memberships,
    MembershipsRepository,
    WorkspacesService,
    WorkspacesRepository,
    WorkspaceSettingsService,
    WorkspaceSettingsRepository,
    SessionCredentials,
    UserInCoreCredentials,
    { provide: UserCredentials, useExisting: SessionCredentials },
  ],
  exports: [
    AuditLog,
    ...[WorkspaceMembersService, InvitationsService, Acceptances, PersonalTokensService, PersonalTokenCallers],
    Memberships,
    WorkspacesService,
    WorkspaceSettingsService,
    UserCredentials,
    UserInCoreCredentials,
  ],
})
export class WorkspacesModule {}
