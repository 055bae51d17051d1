import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { AnswersListOf, Operation } from '../../platform/common/openapi/operation.js';
import type { Page } from '../../platform/common/pagination/page.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { EventDto, ListEventsQuery } from './event.dto.js';
import { presentEvent } from './event.presenter.js';
import { EventsService } from './events.service.js';

@ApiTags('events')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get()
  @Requires('events:read')
  @Operation('List events', {
    description:
      'The events of the last seven days, newest first. Events are recorded while you have a webhook endpoint, an open socket or a Layer identity key.',
  })
  @AnswersListOf(EventDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListEventsQuery): Promise<Page<EventDto>> {
    return (await this.events.list(tenant, query)).map((event) => presentEvent(tenant, event));
  }

  @Get(':id')
  @Requires('events:read')
  @Operation('Retrieve event', { refuses: [404] })
  @ApiResponse({ status: 200, type: EventDto, description: 'The event.' })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('event') id: string): Promise<EventDto> {
    return presentEvent(tenant, await this.events.get(tenant, id));
  }
}
