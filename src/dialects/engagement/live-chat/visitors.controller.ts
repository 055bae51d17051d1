import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { VisitorsService } from '../../../engagement/live-chat/visitors.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentPage } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { AllowsPages } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { NewVisitorDto, VisitorDto, WidgetDto } from './visitor.dto.js';

const FROM =
  'For pages of the workspace: by its public key, and an `Origin` of its domain or of an allowed sub-domain, which must be there.';

@ApiTags('live_chat')
@Controller('api/v1/live-chat')
export class LiveChatVisitorsController {
  constructor(private readonly visitors: VisitorsService) {}

  @Get('widget')
  @AllowsPages()
  @Operation('Retrieve widget', { id: 'getWidget', description: FROM })
  @Answers(WidgetDto, { description: 'What to show.' })
  async widget(@CurrentPage() tenant: Tenant): Promise<Data<WidgetDto>> {
    const desk = await this.visitors.findDesk(tenant);
    return data({
      desk: desk && { customer_id: formatId('customer', desk.id), name: desk.name, welcome: desk.welcome },
    });
  }

  @Post('visitors')
  @AllowsPages('live_chat')
  @Operation('Begin as visitor', {
    id: 'createVisitor',
    description: `Makes a customer whom nobody knows, with a session of 30 days. ${FROM}`,
    says: { 422: 'A field is wrong, or there is no desk.' },
  })
  @Answers(VisitorDto, { status: 201, description: 'The visitor.' })
  async create(@CurrentPage() tenant: Tenant, @Body() body: NewVisitorDto): Promise<Data<VisitorDto>> {
    const { session, token, customerId } = await this.visitors.create(tenant, body);
    return data({
      customer_id: formatId('customer', customerId),
      token,
      expires_at: session.expiresAt.toISOString(),
    });
  }
}
