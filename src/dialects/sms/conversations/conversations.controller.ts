import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { AddressConversationsService } from '../../../delivery/conversations/address-conversations.service.js';
import { TextsService, type PreparedText } from '../../../delivery/texts/texts.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { AcceptedTextDto, ReplyTextDto } from '../messages/text-message.dto.js';
import { presentAccepted } from '../messages/text-message.presenter.js';
import { hasMedia, REFUSES_TO_SEND, SENDING } from '../messages/text-messages.controller.js';
import {
  ConversationMessageDto,
  ListConversationsQuery,
  SAID,
  TextConversationDto,
  UpdateConversationDto,
  type SaidDto,
} from './conversation.dto.js';
import { presentConversation, presentSaid } from './conversation.presenter.js';

@ApiTags('conversations')
@Controller('api/ui/workspaces/:workspaceId/conversations')
export class TextConversationsController {
  constructor(
    private readonly conversations: AddressConversationsService,
    private readonly texts: TextsService,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @Operation('List conversations', {
    id: 'listTextConversations',
    description:
      'The last activity first. Pages end after 10,000 conversations; `before` with the id of the last one you have goes on from there.',
  })
  @Fails('page_too_deep')
  @AnswersPageOf(TextConversationDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ListConversationsQuery,
  ): Promise<NumberedPage<TextConversationDto>> {
    const { items, total, hasNext } = await this.conversations.list(tenant, { ...query, ...sliceOf(query) });
    const { data, pagination } = numberedPage(items.map(presentConversation), query, total);
    return { data, pagination: { ...pagination, hasNext } };
  }

  @Get(':channelId')
  @RequiresRole('viewer')
  @Operation('Retrieve conversation', { id: 'getTextConversation' })
  @ApiResponse({ status: 200, type: TextConversationDto, description: 'The conversation.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @IdParam('conversation', 'channelId') id: string,
  ): Promise<TextConversationDto> {
    return presentConversation(await this.conversations.get(tenant, id));
  }

  @Patch(':channelId')
  @RequiresRole('agent')
  @Operation('Archive conversation', { id: 'archiveTextConversation', description: 'Or takes it out of the archive.' })
  @ApiResponse({ status: 200, type: TextConversationDto, description: 'The conversation.' })
  async archive(
    @CurrentTenant() tenant: Tenant,
    @IdParam('conversation', 'channelId') id: string,
    @Body() { archived }: UpdateConversationDto,
  ): Promise<TextConversationDto> {
    return presentConversation(await this.conversations.archive(tenant, id, archived));
  }

  @Get(':channelId/messages')
  @RequiresRole('viewer')
  @Operation('List messages of conversation', {
    id: 'listTextConversationMessages',
    description: 'Every message, newest first. Deleted messages keep their place.',
  })
  @AnswersPageOf(ConversationMessageDto, SAID)
  async listMessages(
    @CurrentTenant() tenant: Tenant,
    @IdParam('conversation', 'channelId') id: string,
    @Query() query: SmsPageQuery,
  ): Promise<NumberedPage<SaidDto>> {
    const { items, total } = await this.conversations.listMessages(tenant, id, sliceOf(query));
    return numberedPage(items.map(presentSaid), query, total);
  }

  @Post(':channelId/messages')
  @HttpCode(200)
  @RequiresRole('agent')
  @Idempotent({ staged: true })
  @Operation('Reply in conversation', { id: 'replyInTextConversation', description: SENDING })
  @Fails(...REFUSES_TO_SEND)
  @ApiResponse({ status: 200, type: AcceptedTextDto, description: 'The message is queued.' })
  reply(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('conversation', 'channelId') id: string,
    @Body() body: ReplyTextDto,
  ): Staged<PreparedText, AcceptedTextDto> {
    return new Staged(
      () => this.conversations.prepare(tenant, id, body),
      async (text) => presentAccepted(await this.texts.write(tenant, text, { userId }), text),
      undefined,
      hasMedia(body),
    );
  }

  @Post(':channelId/read')
  @HttpCode(200)
  @RequiresRole('agent')
  @Idempotent()
  @Operation('Mark conversation as read', {
    id: 'readTextConversation',
    description: 'All of it, for the whole team: in the core API, the number of the workspace has read it.',
  })
  @ApiResponse({ status: 200, type: TextConversationDto, description: 'The conversation.' })
  async read(
    @CurrentTenant() tenant: Tenant,
    @IdParam('conversation', 'channelId') id: string,
  ): Promise<TextConversationDto> {
    return presentConversation(await this.conversations.read(tenant, id));
  }
}
