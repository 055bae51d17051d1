import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { exampleId } from '../../platform/common/ids/type-id.js';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { Idempotent, Operation } from '../../platform/common/openapi/operation.js';
import { CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { AnnouncementDto, CreateAnnouncementDto } from './announcement.dto.js';
import { presentAnnouncement } from './announcement.presenter.js';
import { AnnouncementsService } from './announcements.service.js';

/** A whole one: Swagger UI would fill in a field for each thing that an announcement may have. */
const EXAMPLES = {
  text: {
    value: {
      recipient_uuids: [exampleId('customer')],
      sender_name: 'The shop',
      parts: [{ mime_type: 'text/plain', body: 'We are open again.' }],
      notification: { title: 'The shop', text: 'We are open again.' },
    },
  },
};

@ApiTags('announcements')
@Controller('api/v1/announcements')
export class AnnouncementsController {
  constructor(private readonly announcements: AnnouncementsService) {}

  @Post()
  @Requires('announcements:write')
  @Idempotent()
  @Operation('Create announcement', {
    description:
      'Sends one message to up to 5,000 customers, outside of any channel. They see it in apps that speak the Layer dialect.',
  })
  @ApiBody({ type: CreateAnnouncementDto, examples: EXAMPLES })
  @ApiResponse({ status: 201, type: AnnouncementDto, description: 'The new announcement.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateAnnouncementDto): Promise<AnnouncementDto> {
    return presentAnnouncement(tenant, await this.announcements.create(tenant, body));
  }

  @Get(':id')
  @Requires('announcements:read')
  @Operation('Retrieve announcement', { refuses: [404] })
  @ApiResponse({
    status: 200,
    type: AnnouncementDto,
    description: 'The announcement, with how many customers got and read it.',
  })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('announcement') id: string): Promise<AnnouncementDto> {
    return presentAnnouncement(tenant, await this.announcements.get(tenant, id));
  }
}
