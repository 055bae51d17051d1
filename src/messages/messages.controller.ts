import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvalidInput, notFound } from '../platform/common/errors/refusal.js';
import { exampleId } from '../platform/common/ids/type-id.js';
import { Staged } from '../platform/common/idempotency/staged.js';
import { IdParam } from '../platform/common/ids/id-param.js';
import { AnswersListOf, Idempotent, Operation } from '../platform/common/openapi/operation.js';
import type { Page } from '../platform/common/pagination/page.js';
import {
  AlsoForCustomers,
  CurrentCustomer,
  CurrentTenant,
  MayRead,
  Requires,
} from '../platform/common/tenancy/access.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { IdInUse } from './id-in-use.js';
import { DeletionsService } from './deletion/deletions.service.js';
import {
  DeleteMessageQuery,
  ListMessagesBetweenQuery,
  ListMessagesInChannelQuery,
  ListMessagesQuery,
  MessageConflictDto,
  MessageDto,
} from './message.dto.js';
import { presentIdInUse, presentMessage } from './message.presenter.js';
import { MessagesService, neitherFound, type PreparedMessage } from './messages.service.js';
import { SendMessageDto, SendToCustomerDto } from './new-message.dto.js';
import { inOne } from './sending/in-one.js';

const CONFLICT = {
  status: 409,
  type: MessageConflictDto,
  description: 'A message with this id exists, or a request with this Idempotency-Key is still running.',
  headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
} as const;
const TO = { channel_uuid: exampleId('channel'), sender_uuid: exampleId('customer') };
/** Whole ones: Swagger UI would fill in a field for each thing that a message may have. */
const EXAMPLES = {
  text: { value: { ...TO, type: 'text', content: 'Hello, how are you?' } },
  parts: {
    value: {
      ...TO,
      parts: [
        { mime_type: 'text/plain', body: 'Look at this:' },
        { mime_type: 'image/png', file_uuid: exampleId('file') },
      ],
      notification: { title: 'New message', text: 'Look at this' },
    },
  },
};

@ApiTags('messages')
@Controller('api/v1/messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly deletions: DeletionsService,
  ) {}

  @Post()
  @Requires('messages:write')
  @AlsoForCustomers()
  @ApiResponse(CONFLICT)
  @Idempotent({ staged: true })
  @Operation('Send message', {
    description: 'The sender must be a participant of the channel.',
    says: { 404: notFound('channel').message },
  })
  @ApiBody({ type: SendMessageDto, examples: EXAMPLES })
  @ApiResponse({ status: 201, type: MessageDto, description: 'The new message.' })
  send(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @MayRead('messages:read') mayRead: boolean,
    @Body() body: SendMessageDto,
  ): Staged<PreparedMessage, MessageDto> {
    return new Staged(
      () => this.messages.prepare(tenant, body, me),
      async (message) => {
        try {
          return presentMessage(tenant, await this.messages.write(tenant, message));
        } catch (error) {
          throw error instanceof IdInUse ? presentIdInUse(tenant, error, mayRead) : error;
        }
      },
      inOne(tenant, (message, key, otherwise) => this.messages.writeClaiming(tenant, message, key, otherwise)),
    );
  }

  @Post('send-to-customer')
  @Requires('messages:write')
  @Idempotent({ staged: true })
  @Operation('Send message to a customer', {
    description: 'Sends in the general channel of the two customers, which is created if needed.',
    says: { 404: neitherFound().message },
  })
  @ApiResponse({ status: 201, type: MessageDto, description: 'The new message.' })
  sendToCustomer(
    @CurrentTenant() tenant: Tenant,
    @Body() body: SendToCustomerDto,
  ): Staged<SendToCustomerDto, MessageDto> {
    return new Staged(
      () => betweenTwo(body),
      async () => presentMessage(tenant, await this.messages.sendToCustomer(tenant, body)),
      inOne(tenant, (_, key, otherwise) => this.messages.sendToCustomerClaiming(tenant, body, key, otherwise)),
    );
  }

  @Get('channel/:id')
  @Requires('messages:read')
  @AlsoForCustomers()
  @Operation('Retrieve messages of a channel', { description: 'Oldest first.', refuses: [404] })
  @AnswersListOf(MessageDto)
  async listInChannel(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('channel') id: string,
    @Query() query: ListMessagesInChannelQuery,
  ): Promise<Page<MessageDto>> {
    const page = await this.messages.listInChannel(tenant, id, query, me);
    return page.map((message) => presentMessage(tenant, message));
  }

  @Get('customer/:id')
  @Requires('messages:read')
  @AlsoForCustomers()
  @Operation('Retrieve messages of a customer', {
    description: 'The messages the customer sent, newest first.',
    refuses: [404],
  })
  @AnswersListOf(MessageDto)
  async listBySender(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('customer') id: string,
    @Query() query: ListMessagesQuery,
  ): Promise<Page<MessageDto>> {
    const page = await this.messages.listBySender(tenant, id, query, me);
    return page.map((message) => presentMessage(tenant, message));
  }

  @Get('between')
  @Requires('messages:read')
  @Operation('Retrieve messages between two customers', {
    description: 'The messages the two sent in all channels they share, newest first.',
    says: { 404: neitherFound().message },
  })
  @AnswersListOf(MessageDto)
  async listBetween(
    @CurrentTenant() tenant: Tenant,
    @Query() { email1, email2, ...query }: ListMessagesBetweenQuery,
  ): Promise<Page<MessageDto>> {
    const page = await this.messages.listBetween(tenant, email1, email2, query);
    return page.map((message) => presentMessage(tenant, message));
  }

  @Get(':id')
  @Requires('messages:read')
  @AlsoForCustomers()
  @Operation('Retrieve message', { refuses: [404] })
  @ApiResponse({ status: 200, type: MessageDto, description: 'The message.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('message') id: string,
  ): Promise<MessageDto> {
    return presentMessage(tenant, await this.messages.get(tenant, id, me));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('messages:write')
  @AlsoForCustomers()
  @Operation('Delete message', {
    description: 'Deletes the message for all participants, or hides it from one customer.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The message is deleted.' })
  delete(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('message') id: string,
    @Query() query: DeleteMessageQuery,
  ): Promise<void> {
    const customerId = whoseDevices(query);
    return customerId === null
      ? this.deletions.deleteForAll(tenant, id, me)
      : this.deletions.hide(tenant, id, customerId, me);
  }
}

/** @throws InvalidInput where somebody is to write to itself */
async function betweenTwo(body: SendToCustomerDto): Promise<SendToCustomerDto> {
  if (body.senderEmail === body.recipientEmail) {
    throw new InvalidInput({ recipient_email: ['The recipient_email field must differ from sender_email.'] });
  }
  return Promise.resolve(body);
}

/** What the parameters say together; null: everybody's. */
function whoseDevices({ mode, customerId }: DeleteMessageQuery): string | null {
  if (mode === 'all_participants') {
    if (customerId !== undefined) {
      throw new InvalidInput({ customer_uuid: ['The customer_uuid field is only for the mode my_devices.'] });
    }
    return null;
  }
  if (customerId === undefined) {
    throw new InvalidInput({ customer_uuid: ['The customer_uuid field is required.'] });
  }
  return customerId;
}
