import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { LayerIdParam } from '../layer-id-param.js';
import {
  LayerDeleteMessageQuery,
  LayerListMessagesQuery,
  LayerMessageDto,
  LayerReceiptDto,
  LayerSendMessageDto,
} from './layer-message.dto.js';
import { LayerMessagesService } from './layer-messages.service.js';
import type { MessageObject } from './message-object.js';

@ApiTags('messages')
@Controller('layer')
export class LayerMessagesController {
  constructor(private readonly messages: LayerMessagesService) {}

  @Post('conversations/:id/messages')
  @ForLayer()
  @Operation('Send message', {
    description:
      'If you choose the id, sending the message again is answered with 409 (`id_in_use`) and the existing message in `data`.',
    refuses: [403, 404, 409],
  })
  @ApiResponse({ status: 201, type: LayerMessageDto, description: 'The new message.' })
  send(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('conversations') id: string,
    @Body() body: LayerSendMessageDto,
    @LayerBase() base: string,
  ): Promise<MessageObject> {
    return this.messages.send(tenant, viewer, id, body, base);
  }

  @Get('conversations/:id/messages')
  @ForLayer()
  @Operation('List messages', { description: 'Newest first.', refuses: [403, 404] })
  @AnswersLayerPageOf(LayerMessageDto)
  list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('conversations') id: string,
    @Query() query: LayerListMessagesQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<MessageObject>> {
    return this.messages.list(tenant, viewer, id, query, base);
  }

  @Get('messages/:id')
  @ForLayer()
  @Operation('Retrieve message', { description: 'Returns one message by its id.', refuses: [403, 404] })
  @ApiResponse({ status: 200, type: LayerMessageDto, description: 'The message.' })
  get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('messages') id: string,
    @LayerBase() base: string,
  ): Promise<MessageObject> {
    return this.messages.get(tenant, viewer, id, base);
  }

  @Delete('messages/:id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Delete message', {
    description:
      'Deletes the message for all participants, which only its sender may do, or only for the user of the session.',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 204, description: 'The message is deleted.' })
  delete(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('messages') id: string,
    @Query() { mode }: LayerDeleteMessageQuery,
  ): Promise<void> {
    return this.messages.delete(tenant, viewer, id, mode);
  }

  @Post('messages/:id/receipts')
  @HttpCode(204)
  @ForLayer()
  @Operation('Send receipt', {
    description: 'Marks the message, and all before it in its conversation, as read or delivered.',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 204, description: 'The receipt is recorded. A mark never moves back.' })
  sendReceipt(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('messages') id: string,
    @Body() { type }: LayerReceiptDto,
  ): Promise<void> {
    return this.messages.receipt(tenant, viewer, id, type);
  }
}
