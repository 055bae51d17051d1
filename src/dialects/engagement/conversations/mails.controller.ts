import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MailDeliveriesService } from '../../../delivery/email/outbound/mail-deliveries.service.js';
import { InboxService } from '../../../engagement/conversations/inbox.service.js';
import { TimelineService } from '../../../engagement/conversations/timeline.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { ObjectParam } from '../http/object-param.js';
import { presentItem } from './conversation.presenter.js';
import { ConversationItemDto } from './item.dto.js';

/** What can be done for the mails of a conversation. */
@ApiTags('conversations')
@Controller('api/v1/conversations/:id/messages/:message_id')
export class ConversationMailsController {
  constructor(
    private readonly conversations: InboxService,
    private readonly timeline: TimelineService,
    private readonly mails: MailDeliveriesService,
  ) {}

  @Post('send-again')
  @HttpCode(200)
  @Allows('conversations', 'agent')
  @Operation('Send mail again', {
    id: 'sendConversationMailAgain',
    description: 'A mail that failed with `outcome_unknown`, though it may have arrived: it is the same mail.',
    refuses: [404],
    says: { 422: 'It is known what came of it.' },
  })
  @Answers(ConversationItemDto, { description: 'The reply, which is on its way again.' })
  async sendAgain(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('conversation', { typeId: 'channel' }) id: ObjectRef,
    @ObjectParam('message', { name: 'message_id', typeId: 'message' }) message: ObjectRef,
  ): Promise<Data<ConversationItemDto>> {
    const conversation = await this.conversations.get(tenant, id);
    const messageId = await this.timeline.messageIdOf(tenant, conversation.id, message);
    await this.mails.sendAgain(tenant, messageId);
    return data(presentItem(conversation, await this.timeline.getMessage(tenant, conversation.id, messageId)));
  }
}
