import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { CustomersModule } from '../../customers/customers.module.js';
import { WorkspaceCredentials } from '../../platform/common/tenancy/workspace-credentials.js';
import { UsersModule } from '../../users/users.module.js';
import { WorkspacesModule } from '../workspaces.module.js';
import { LoneKeyCaller } from './lone-key-caller.js';
import { WorkspaceCallers } from './workspace-callers.js';

/** Apart from workspaces, which commands use too: customers come with routes that need the whole application. */
@Module({
  imports: [ClientsModule, CustomersModule, UsersModule, WorkspacesModule],
  providers: [LoneKeyCaller, { provide: WorkspaceCredentials, useClass: WorkspaceCallers }],
  exports: [WorkspaceCredentials],
})
export class WorkspaceCallersModule {}
