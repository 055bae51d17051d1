import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallbackUrls } from '../../../delivery/providers/callback-urls.js';
import { ProviderSetupService } from '../../../delivery/providers/provider-setup.service.js';
import { ProvidersService } from '../../../delivery/providers/providers.service.js';
import { ProviderTrials } from '../../../delivery/texts/provider-trials.js';
import { TextsService, type PreparedText } from '../../../delivery/texts/texts.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AcceptedTextDto } from '../messages/text-message.dto.js';
import { presentAccepted } from '../messages/text-message.presenter.js';
import { ProviderDto, ProviderThatWasSetDto, SetProviderDto, TestProviderDto } from './provider.dto.js';
import { presentProvider, presentSetProvider } from './provider.presenter.js';

@ApiTags('numbers')
@Controller('api/ui/workspaces/:workspaceId/provider')
export class ProviderController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly setup: ProviderSetupService,
    private readonly trials: ProviderTrials,
    private readonly texts: TextsService,
    private readonly urls: CallbackUrls,
    private readonly audit: AuditLog,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @Operation('Retrieve provider', { id: 'getProvider', description: 'A test workspace has the simulator.' })
  @Fails('provider_not_configured')
  @ApiResponse({ status: 200, type: ProviderDto, description: 'The provider.' })
  async get(@CurrentTenant() tenant: Tenant): Promise<ProviderDto> {
    const provider = await this.providers.get(tenant);
    return presentProvider(provider, this.urls.inbound(tenant, provider.id));
  }

  @Put()
  @RequiresRole('admin')
  @Operation('Set provider', {
    id: 'setProvider',
    description:
      'Takes the place of the provider there was; an account that the workspace had before comes back with its numbers. ' +
      'Secrets are stored encrypted and never shown; for a day, callbacks may still be signed with the one before.',
  })
  @Fails('invalid_provider', 'provider_rejected', 'secrets_key_missing')
  @ApiResponse({ status: 200, type: ProviderThatWasSetDto, description: 'The provider.' })
  async set(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() { kind, ...settings }: SetProviderDto,
  ): Promise<ProviderThatWasSetDto> {
    const set = await this.setup.set(tenant, userId, kind, settings);
    return presentSetProvider(set, this.urls.inbound(tenant, set.provider.id));
  }

  @Post('test')
  @HttpCode(200)
  @RequiresRole('admin')
  @Idempotent({ staged: true })
  @Operation('Test provider', {
    id: 'testProvider',
    description: 'Sends one message from the default number, like any other: ask what became of it. At most 5 an hour.',
  })
  @Fails('invalid_number', 'provider_not_configured', 'recipient_opted_out')
  @ApiResponse({ status: 200, type: AcceptedTextDto, description: 'The message is queued.' })
  test(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() { to }: TestProviderDto,
  ): Staged<PreparedText, AcceptedTextDto> {
    return new Staged(
      () => this.trials.prepare(tenant, to),
      async (text) => presentAccepted(await this.texts.write(tenant, text, { userId }), text),
      undefined,
      // A test that is asked for again under its key is no other one.
      true,
    );
  }

  @Delete()
  @RequiresRole('admin')
  @HttpCode(204)
  @Operation('Remove provider', {
    id: 'removeProvider',
    description:
      'Nothing is sent any more, and what is queued fails; statuses of what was sent are still taken in. A test workspace has the simulator again.',
  })
  @ApiResponse({ status: 204, description: 'The workspace has no provider, or the simulator.' })
  remove(@CurrentMember() { tenant, userId }: MemberAuth): Promise<void> {
    return this.audit.during(
      { tenant, userId },
      'provider.removed',
      () => this.providers.remove(tenant),
      () => ({}),
    );
  }
}
