import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../platform/common/openapi/operation.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { Provider } from './device.entity.js';
import { ProviderParam } from './provider-param.js';
import {
  ApnsCredentialsDto,
  FcmCredentialsDto,
  PushCredentialDto,
  WebPushCredentialsDto,
} from './push-credential.dto.js';
import { presentPushCredential } from './push-credential.presenter.js';
import { notFound } from '../../platform/common/errors/refusal.js';
import { PushCredentialsService } from './push-credentials.service.js';

const KEPT = 'Replaces the credentials of this provider. They are stored encrypted and never shown.';
const ANSWER = {
  status: 200,
  type: PushCredentialDto,
  description: 'The provider has credentials, which are never shown.',
};

@ApiTags('push')
@Controller('api/v1/push_credentials')
export class PushCredentialsController {
  constructor(private readonly credentials: PushCredentialsService) {}

  @Put('apns')
  @Requires('push:write')
  @Operation('Set credentials of APNs', { description: KEPT })
  @ApiResponse(ANSWER)
  async setApns(@CurrentTenant() tenant: Tenant, @Body() body: ApnsCredentialsDto): Promise<PushCredentialDto> {
    return presentPushCredential(tenant, await this.credentials.keep(tenant, 'apns', body));
  }

  @Put('fcm')
  @Requires('push:write')
  @Operation('Set credentials of FCM', { description: KEPT })
  @ApiResponse(ANSWER)
  async setFcm(
    @CurrentTenant() tenant: Tenant,
    @Body() { serviceAccount }: FcmCredentialsDto,
  ): Promise<PushCredentialDto> {
    return presentPushCredential(tenant, await this.credentials.keep(tenant, 'fcm', serviceAccount));
  }

  @Put('webpush')
  @Requires('push:write')
  @Operation('Set credentials of Web Push', { description: KEPT })
  @ApiResponse(ANSWER)
  async setWebPush(@CurrentTenant() tenant: Tenant, @Body() body: WebPushCredentialsDto): Promise<PushCredentialDto> {
    return presentPushCredential(tenant, await this.credentials.keepWebPush(tenant, body));
  }

  @Get(':provider')
  @Requires('push:read')
  @Operation('Retrieve push credentials', {
    description: 'Tells whether a provider has credentials, never the credentials themselves.',
    says: { 404: notFound('push_credential').message },
  })
  @ApiResponse(ANSWER)
  async get(@CurrentTenant() tenant: Tenant, @ProviderParam() provider: Provider): Promise<PushCredentialDto> {
    return presentPushCredential(tenant, await this.credentials.get(tenant, provider));
  }

  @Delete(':provider')
  @HttpCode(204)
  @Requires('push:write')
  @Operation('Delete push credentials', {
    description: 'No notifications are sent through this provider any more.',
    says: { 404: notFound('push_credential').message },
  })
  @ApiResponse({ status: 204, description: 'The credentials are deleted.' })
  delete(@CurrentTenant() tenant: Tenant, @ProviderParam() provider: Provider): Promise<void> {
    return this.credentials.remove(tenant, provider);
  }
}
