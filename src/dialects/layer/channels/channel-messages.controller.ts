import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { LayerIdParam } from '../layer-id-param.js';
import { LayerListMessagesQuery, LayerMessageDto, LayerSendMessageDto } from '../messages/layer-message.dto.js';
import type { MessageObject } from '../messages/message-object.js';
import { ChannelMessagesService } from './channel-messages.service.js';

@ApiTags('channels')
@Controller('layer/channels/:id/messages')
export class ChannelMessagesController {
  constructor(private readonly messages: ChannelMessagesService) {}

  @Post()
  @ForLayer()
  @Operation('Send message to channel', {
    description:
      'For members. If a message with the same client-made id exists, the answer is 409 (`id_in_use`) with that message in `data`.',
    refuses: [403, 404, 409],
  })
  @ApiResponse({ status: 201, type: LayerMessageDto, description: 'The message.' })
  send(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @Body() body: LayerSendMessageDto,
    @LayerBase() base: string,
  ): Promise<MessageObject> {
    return this.messages.send(tenant, viewer, id, body, base);
  }

  @Get()
  @ForLayer()
  @Operation('List messages of channel', { description: 'For members. Newest first.', refuses: [403, 404] })
  @AnswersLayerPageOf(LayerMessageDto)
  list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('channels') id: string,
    @Query() query: LayerListMessagesQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<MessageObject>> {
    return this.messages.list(tenant, viewer, id, query, base);
  }
}
