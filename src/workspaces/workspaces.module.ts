import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { UserCredentials } from '../platform/common/tenancy/user-credentials.js';
import { UsersModule } from '../users/users.module.js';
import { Memberships } from './memberships.js';
import { MembershipsRepository } from './memberships.repository.js';
import { SessionCredentials } from './session.credentials.js';
import { UserInCoreCredentials } from './user-in-core.credentials.js';
import { WorkspaceSettingsRepository } from './workspace-settings.repository.js';
import { WorkspaceSettingsService } from './workspace-settings.service.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

@Module({
  imports: [ClientsModule, UsersModule],
  providers: [
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
  exports: [Memberships, WorkspacesService, WorkspaceSettingsService, UserCredentials, UserInCoreCredentials],
})
export class WorkspacesModule {}
