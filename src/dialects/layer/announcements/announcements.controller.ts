import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { AnnouncementsService } from '../../../notify/announcements/announcements.service.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { LayerIdParam } from '../layer-id-param.js';
import { LayerReceiptDto } from '../messages/layer-message.dto.js';
import type { AnnouncementObject } from './announcement-object.js';
import { LayerAnnouncementDto, ListAnnouncementsQuery } from './layer-announcement.dto.js';
import { LayerAnnouncementsService } from './layer-announcements.service.js';

@ApiTags('announcements')
@Controller('layer/announcements')
export class LayerAnnouncementsController {
  constructor(
    private readonly shown: LayerAnnouncementsService,
    private readonly announcements: AnnouncementsService,
  ) {}

  @Get()
  @ForLayer()
  @Operation('List announcements', { description: 'Newest first.' })
  @AnswersLayerPageOf(LayerAnnouncementDto)
  list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Query() query: ListAnnouncementsQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<AnnouncementObject>> {
    return this.shown.list(tenant, viewer, query, base);
  }

  @Get(':id')
  @ForLayer()
  @Operation('Retrieve announcement', { description: 'Returns one announcement by its id.', refuses: [404] })
  @ApiResponse({ status: 200, type: LayerAnnouncementDto, description: 'The announcement.' })
  get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('announcements') id: string,
    @LayerBase() base: string,
  ): Promise<AnnouncementObject> {
    return this.shown.get(tenant, viewer, id, base);
  }

  @Delete(':id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Delete announcement', {
    description: 'Deletes the announcement for the user of the session.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The announcement is deleted.' })
  delete(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('announcements') id: string,
  ): Promise<void> {
    return this.announcements.deleteFor(tenant, viewer, id);
  }

  @Post(':id/receipts')
  @HttpCode(204)
  @ForLayer()
  @Operation('Send receipt of announcement', {
    description: 'Marks the announcement as read or delivered.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The receipt is recorded. A mark never moves back.' })
  sendReceipt(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('announcements') id: string,
    @Body() { type }: LayerReceiptDto,
  ): Promise<void> {
    return this.announcements.mark(tenant, viewer, id, type);
  }
}
