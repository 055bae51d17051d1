import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvalidInput } from '../common/errors/refusal.js';
import { IdParam } from '../common/ids/id-param.js';
import { AnswersListOf, Idempotent, Operation } from '../common/openapi/operation.js';
import type { Page } from '../common/pagination/page.js';
import { CurrentTenant, Requires } from '../common/tenancy/access.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import {
  ListMessagesBetweenQuery,
  ListMessagesQuery,
  MessageDto,
  SendMessageDto,
  SendToCustomerDto,
} from './message.dto.js';
import { presentMessage } from './message.presenter.js';
import { MessagesService } from './messages.service.js';

@ApiTags('messages')
@Controller('api/v1/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  @Requires('messages:write')
  @Idempotent()
  @Operation('Send message', { description: 'The sender must be a participant of the channel.' })
  @ApiResponse({ status: 201, type: MessageDto, description: 'The message, stored.' })
  async send(@CurrentTenant() tenant: Tenant, @Body() body: SendMessageDto): Promise<MessageDto> {
    return presentMessage(tenant, await this.messages.send(tenant, body));
  }

  @Post('send-to-customer')
  @Requires('messages:write')
  @Idempotent()
  @Operation('Send message to a customer', {
    description: 'Into the general channel of the two, which is made where there is none.',
    refuses: [404],
  })
  @ApiResponse({ status: 201, type: MessageDto, description: 'The message, stored.' })
  async sendToCustomer(@CurrentTenant() tenant: Tenant, @Body() body: SendToCustomerDto): Promise<MessageDto> {
    if (body.senderEmail === body.recipientEmail) {
      throw new InvalidInput({ recipient_email: ['The recipient_email field must differ from sender_email.'] });
    }
    return presentMessage(tenant, await this.messages.sendToCustomer(tenant, body));
  }

  @Get('channel/:id')
  @Requires('messages:read')
  @Operation('Retrieve messages of a channel', { description: 'Oldest first.', refuses: [404] })
  @AnswersListOf(MessageDto)
  async listInChannel(
    @CurrentTenant() tenant: Tenant,
    @IdParam('channel') id: string,
    @Query() query: ListMessagesQuery,
  ): Promise<Page<MessageDto>> {
    return (await this.messages.listInChannel(tenant, id, query)).map((message) => presentMessage(tenant, message));
  }

  @Get('customer/:id')
  @Requires('messages:read')
  @Operation('Retrieve messages of a customer', {
    description: 'What the customer sent, newest first.',
    refuses: [404],
  })
  @AnswersListOf(MessageDto)
  async listBySender(
    @CurrentTenant() tenant: Tenant,
    @IdParam('customer') id: string,
    @Query() query: ListMessagesQuery,
  ): Promise<Page<MessageDto>> {
    return (await this.messages.listBySender(tenant, id, query)).map((message) => presentMessage(tenant, message));
  }

  @Get('between')
  @Requires('messages:read')
  @Operation('Retrieve messages between two customers', {
    description: 'What the two wrote, in every channel they share; newest first.',
    refuses: [404],
  })
  @AnswersListOf(MessageDto)
  async listBetween(
    @CurrentTenant() tenant: Tenant,
    @Query() { email1, email2, ...query }: ListMessagesBetweenQuery,
  ): Promise<Page<MessageDto>> {
    const page = await this.messages.listBetween(tenant, email1, email2, query);
    return page.map((message) => presentMessage(tenant, message));
  }
}
