import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { DevicesService } from '../../../notify/push/devices.service.js';
import { TooManyDevices } from '../../../notify/push/too-many-devices.js';
import { ForLayer, Viewer } from '../http/for-layer.js';
import { LayerRefusal } from '../layer-refusal.js';
import { PushTokenDto } from './push-token.dto.js';

/** Devices, as Layer knows them. */
@ApiTags('push_tokens')
@Controller('layer/push_tokens')
export class PushTokensController {
  constructor(private readonly devices: DevicesService) {}

  @Post()
  @HttpCode(202)
  @ForLayer()
  @Operation('Register push token', {
    description:
      'The device gets notifications while the user has no socket open. A user may have 25; one more is refused with 422 (`invalid_operation`).',
  })
  @ApiResponse({ status: 202, description: 'The token is registered.' })
  async register(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Body() { token, type, deviceId, apnsBundleId }: PushTokenDto,
  ): Promise<void> {
    const provider = type === 'apns' ? type : 'fcm';
    try {
      const device = { token, provider, deviceId, bundleId: apnsBundleId } as const;
      await this.devices.register(tenant, viewer, await this.devices.check(tenant, device));
    } catch (error) {
      throw error instanceof TooManyDevices
        ? new LayerRefusal('invalid_operation', 'A user may have 25 push tokens at most.')
        : error;
    }
  }

  /** Where there is none, there is none afterwards either. */
  @Delete(':device_id')
  @HttpCode(202)
  @ForLayer()
  @Operation('Remove push token', { description: 'The device gets no push notifications any more.' })
  @ApiParam({
    name: 'device_id',
    description: 'Your own id for the device.',
    schema: { type: 'string', minLength: 1, maxLength: 255, example: 'phone-1' },
  })
  @ApiResponse({ status: 202, description: 'The token is removed, if there was one.' })
  async delete(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Param('device_id') deviceId: string,
  ): Promise<void> {
    if (isStorable(deviceId)) {
      await this.devices.removeNamed(tenant, viewer, deviceId);
    }
  }
}
