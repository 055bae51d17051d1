import { Body, Controller, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { SimulatedPhone } from '../../../delivery/providers/simulated-phone.js';
import { TextsService } from '../../../delivery/texts/texts.service.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Fails } from '../http/fails.js';
import { SimulateInboundDto } from './simulator.dto.js';
import { TextMessageDto } from './text-message.dto.js';
import { presentText } from './text-message.presenter.js';

@ApiTags('messages')
@Controller('api/ui/workspaces/:workspaceId/simulator/inbound')
export class SimulatorController {
  constructor(
    private readonly phone: SimulatedPhone,
    private readonly texts: TextsService,
  ) {}

  @Post()
  @RequiresRole('agent')
  @Idempotent()
  @Operation('Simulate inbound message', {
    id: 'simulateInbound',
    description:
      'As if a phone had sent it to a number of yours. For test workspaces. With media it is `receiving` until they are here.',
  })
  @Fails('invalid_provider', 'invalid_number', 'invalid_media')
  @ApiResponse({ status: 201, type: TextMessageDto, description: 'The message that came in.' })
  async say(@CurrentTenant() tenant: Tenant, @Body() body: SimulateInboundDto): Promise<TextMessageDto> {
    return presentText(await this.texts.get(tenant, await this.phone.say(tenant, body)));
  }
}
