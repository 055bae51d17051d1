import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AnnouncementsModule } from './notify/announcements/announcements.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { ClientKeyCredentials } from './clients/client-key.credentials.js';
import { ClientsModule } from './clients/clients.module.js';
import { ErrorDialectsModule } from './dialects/error-dialects.module.js';
import { ErrorFilter } from './platform/common/errors/error.filter.js';
import { READ_FAILURE } from './platform/common/errors/read-failure.js';
import { refusalForDatabase } from './platform/database/database-failure.js';
import { dataModel } from './data-model.js';
import { InputPipe } from './platform/common/fields/input.pipe.js';
import { RateLimitsModule } from './platform/common/rate-limit/rate-limits.module.js';
import { ALL_CREDENTIALS, type Credentials } from './platform/common/tenancy/credentials.js';
import { TenantGuard } from './platform/common/tenancy/tenant.guard.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { EmailModule } from './delivery/email/email.module.js';
import { SmtpIntakeModule } from './delivery/email/smtp-intake.module.js';
import { EmailWorkerModule } from './delivery/email/email-worker.module.js';
import { DeliveryWorkerModule } from './delivery/worker/delivery-worker.module.js';
import type { Dialect } from './dialects/dialect.js';
import type { Config } from './config.js';
import { ConfigModule } from './config.module.js';
import { CustomerSessionCredentials } from './customers/sessions/customer-session.credentials.js';
import { CustomersModule } from './customers/customers.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { CampaignWorkerModule } from './engagement/campaigns/campaign-worker.module.js';
import { SnoozeWorkerModule } from './engagement/conversations/snooze-worker.module.js';
import { KnowledgeWorkerModule } from './engagement/knowledge/knowledge-worker.module.js';
import { ImportWorkerModule } from './engagement/imports/import-worker.module.js';
import { MessageSearchWorkerModule } from './engagement/message-search/message-search-worker.module.js';
import { WorkflowWorkerModule } from './engagement/workflows/workflow-worker.module.js';
import { EventsModule } from './notify/events/events.module.js';
import { FileRemovalsModule } from './files/file-removals.module.js';
import { FilesModule } from './files/files.module.js';
import { LocalFilesModule } from './files/local/local-files.module.js';
import { HealthModule } from './ops/health/health.module.js';
import { MetricsModule } from './ops/metrics/metrics.module.js';
import { ClusterModule } from './platform/cluster/cluster.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { SecretsModule } from './platform/secrets/secrets.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { PushModule } from './notify/push/push.module.js';
import { MailWorkerModule } from './users/mails/mail-worker.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhooksModule } from './notify/webhooks/webhooks.module.js';
import { UserInCoreCredentials } from './workspaces/user-in-core.credentials.js';
import { WorkspaceCallersModule } from './workspaces/callers/workspace-callers.module.js';
import { WorkspacesModule } from './workspaces/workspaces.module.js';
import { WorkerModule } from './notify/worker/worker.module.js';

/** What a process that works in the background does. */
const WORKERS = [
  ...[WorkerModule, MailWorkerModule, DeliveryWorkerModule, SnoozeWorkerModule, ImportWorkerModule],
  ...[EmailWorkerModule, MessageSearchWorkerModule, KnowledgeWorkerModule, CampaignWorkerModule, WorkflowWorkerModule],
];

@Module({})
export class AppModule {
  static of(config: Config, databaseUrl: string, dialects: readonly Dialect[]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.connect({
          url: databaseUrl,
          directUrl: config.databaseDirectUrl ?? databaseUrl,
          poolSize: config.databasePool,
          migrate: config.migrate,
          model: dataModel,
        }),
        ConfigModule.with(config),
        ClusterModule,
        RateLimitsModule,
        MailModule,
        SecretsModule,
        // The busiest routes first: Express tries them in this order.
        ...[MessagesModule, ChannelsModule, CustomersModule, FilesModule, ...(config.s3 ? [] : [LocalFilesModule])],
        ...[EventsModule, AnnouncementsModule, PushModule, WebhooksModule, ClientsModule, UsersModule],
        ...[WorkspacesModule, WorkspaceCallersModule],
        ...(config.role === 'worker' ? [] : [FileRemovalsModule]),
        ...dialects.map(({ module }) => module),
        ErrorDialectsModule.of(dialects),
        HealthModule,
        ...(config.metricsPort > 0 ? [MetricsModule] : []),
        DeliveryModule,
        EmailModule,
        ...(config.role === 'worker' ? [] : [SmtpIntakeModule]),
        ...(config.role === 'web' ? [] : WORKERS),
      ],
      providers: [
        {
          provide: ALL_CREDENTIALS,
          inject: [
            ...dialects.flatMap(({ credentials }) => credentials ?? []),
            UserInCoreCredentials,
            CustomerSessionCredentials,
            ClientKeyCredentials,
          ],
          useFactory: (...all: Credentials[]) => all,
        },
        { provide: READ_FAILURE, useValue: refusalForDatabase },
        { provide: APP_GUARD, useClass: TenantGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
