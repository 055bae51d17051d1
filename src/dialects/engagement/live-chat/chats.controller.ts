import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LiveChatService } from '../../../engagement/live-chat/live-chat.service.js';
import { forbidden } from '../../../platform/common/errors/refusal.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentCustomer, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { BegunChatDto, NewChatDto } from './chat.dto.js';

@ApiTags('live_chat')
@Controller('api/v1/live-chat/conversations')
export class LiveChatController {
  constructor(private readonly chats: LiveChatService) {}

  @Post()
  @Allows('conversations', 'viewer', { limit: 'live_chat', customers: true })
  @Idempotent()
  @Operation('Write to a desk', {
    id: 'writeToLiveChatDesk',
    description:
      'As the customer whose session asks, and for nobody else: in the newest conversation with the desk that is not closed, or a new one. All else the customer does through the core.',
    says: { 422: 'A field is wrong, or there is no desk.' },
  })
  @Answers(BegunChatDto, { status: 201, description: 'Where the message stands.' })
  async begin(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() customerId: string | null,
    @Body() { deskId, body, subject }: NewChatDto,
  ): Promise<Data<BegunChatDto>> {
    if (customerId === null) {
      throw forbidden('Only for a customer session');
    }
    const begun = await this.chats.say(tenant, customerId, { desk: deskId ?? null, body, subject: subject ?? null });
    return data({
      conversation_id: begun.conversationNumber,
      channel_id: formatId('channel', begun.channelId),
      message_id: formatId('message', begun.messageId),
    });
  }
}
