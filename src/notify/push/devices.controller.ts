import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Staged } from '../../platform/common/idempotency/staged.js';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { AnswersListOf, Idempotent, Operation } from '../../platform/common/openapi/operation.js';
import type { Page } from '../../platform/common/pagination/page.js';
import { AlsoForCustomers, CurrentCustomer, CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import { assertActsAs } from '../../platform/common/tenancy/assert-acts-as.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { DeviceDto, ListDevicesQuery, RegisterDeviceDto } from './device.dto.js';
import { presentDevice } from './device.presenter.js';
import { DevicesService, type CheckedDevice } from './devices.service.js';

@ApiTags('push')
@Controller('api/v1/customers/:id/devices')
export class DevicesController {
  constructor(private readonly devices: DevicesService) {}

  @Post()
  @Requires('devices:write')
  @AlsoForCustomers()
  @Idempotent({ staged: true })
  @Operation('Register device', {
    description:
      'The device gets push notifications while the customer has no socket open. A customer may have 25 devices.',
    refuses: [404],
  })
  @ApiResponse({ status: 201, type: DeviceDto, description: 'The device, newly registered or with its new token.' })
  register(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('customer') id: string,
    @Body() body: RegisterDeviceDto,
  ): Staged<CheckedDevice, DeviceDto> {
    assertActsAs(me, id);
    return new Staged(
      () => this.devices.check(tenant, body),
      async (device) => presentDevice(tenant, await this.devices.register(tenant, id, device)),
    );
  }

  @Get()
  @Requires('devices:read')
  @AlsoForCustomers()
  @Operation('List devices of a customer', { description: 'Newest first.', refuses: [404] })
  @AnswersListOf(DeviceDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('customer') id: string,
    @Query() query: ListDevicesQuery,
  ): Promise<Page<DeviceDto>> {
    assertActsAs(me, id);
    return (await this.devices.list(tenant, id, query)).map((device) => presentDevice(tenant, device));
  }

  @Delete()
  @HttpCode(204)
  @Requires('devices:write')
  @AlsoForCustomers()
  @Operation('Remove all devices of a customer', { refuses: [404] })
  @ApiResponse({
    status: 204,
    description: 'The devices are removed, along with notifications waiting to be sent to them.',
  })
  deleteAll(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('customer') id: string,
  ): Promise<void> {
    assertActsAs(me, id);
    return this.devices.removeAll(tenant, id);
  }

  @Delete(':device_id')
  @HttpCode(204)
  @Requires('devices:write')
  @AlsoForCustomers()
  @Operation('Remove device', { refuses: [404] })
  @ApiResponse({
    status: 204,
    description: 'The device is removed, along with notifications waiting to be sent to it.',
  })
  delete(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('customer') id: string,
    @IdParam('device', 'device_id') deviceId: string,
  ): Promise<void> {
    assertActsAs(me, id);
    return this.devices.remove(tenant, id, deviceId);
  }
}
