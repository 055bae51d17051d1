import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { AnswersListOf, Idempotent, Operation } from '../../platform/common/openapi/operation.js';
import type { Page } from '../../platform/common/pagination/page.js';
import { AlsoForCustomers, CurrentCustomer, CurrentTenant, Requires } from '../../platform/common/tenancy/access.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { ListReceiptsQuery, MarkChannelDto, MessageReceiptDto, ReceiptDto } from './receipt.dto.js';
import { presentMessageReceipt, presentReceipt } from './receipt.presenter.js';
import { ReceiptsService } from './receipts.service.js';

@ApiTags('messages')
@Controller('api/v1')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Post('channels/:id/read')
  @HttpCode(200)
  @Requires('channels:write')
  @AlsoForCustomers()
  @Idempotent()
  @Operation('Mark as read', {
    id: 'channelsMarkRead',
    description: 'Marks all messages up to the given one. A mark never moves back.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: ReceiptDto, description: 'How far the customer has read.' })
  async markRead(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('channel') id: string,
    @Body() body: MarkChannelDto,
  ): Promise<ReceiptDto> {
    return presentReceipt(id, body.customerId, await this.receipts.mark(tenant, 'read', id, body, me));
  }

  @Post('channels/:id/delivered')
  @HttpCode(200)
  @Requires('channels:write')
  @AlsoForCustomers()
  @Idempotent()
  @Operation('Mark as delivered', {
    id: 'channelsMarkDelivered',
    description: 'Marks all messages up to the given one. A mark never moves back.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: ReceiptDto, description: 'How far messages were delivered to the customer.' })
  async markDelivered(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('channel') id: string,
    @Body() body: MarkChannelDto,
  ): Promise<ReceiptDto> {
    return presentReceipt(id, body.customerId, await this.receipts.mark(tenant, 'delivered', id, body, me));
  }

  @Get('messages/:id/receipts')
  @Requires('messages:read')
  @AlsoForCustomers()
  @Operation('List receipts of a message', {
    description: 'How far the message has come with each customer it was sent to, by customer id.',
    refuses: [404],
  })
  @AnswersListOf(MessageReceiptDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('message') id: string,
    @Query() query: ListReceiptsQuery,
  ): Promise<Page<MessageReceiptDto>> {
    return (await this.receipts.list(tenant, id, query, me)).map(presentMessageReceipt);
  }
}
