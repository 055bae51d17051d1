import { Body, Controller, Delete, Get, Post, Put, Query, Req } from '@nestjs/common';
import { ApiExtraModels, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request } from 'express';
import { ConversationMergesService } from '../../../engagement/conversations/conversation-merges.service.js';
import { InboxService, type ConversationRow } from '../../../engagement/conversations/inbox.service.js';
import { RepliesService } from '../../../engagement/conversations/replies.service.js';
import { replyHtmlIn, replyTextIn } from '../../../engagement/conversations/reply-text.js';
import { StaleReply } from '../../../engagement/conversations/stale-reply.js';
import { TimelineService, type NoteAuthor } from '../../../engagement/conversations/timeline.service.js';
import { absoluteUrl } from '../../../files/file.presenter.js';
import { BaseUrl } from '../../../platform/common/http/base-url.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentCaller, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import { isAtLeast, type Role } from '../../../platform/common/tenancy/roles.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { WorkspaceCaller } from '../../../platform/common/tenancy/workspace-credentials.js';
import { Memberships } from '../../../workspaces/memberships.js';
import { ENGAGEMENT_EVENTS } from '../events/event.dto.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { LeadsOn } from '../http/leads-on.js';
import { ObjectParam } from '../http/object-param.js';
import { ListItemsQuery, NewReplyDto, NoteBodyDto, ShowConversationQuery } from './conversation-input.dto.js';
import { NewUploadDto } from './upload.dto.js';
import { speakerOf, userOf } from './conversations.controller.js';
import { InboxConversationDto } from './conversation.dto.js';
import { presentConversation, presentItem } from './conversation.presenter.js';
import { ConversationItemDto, ConversationUploadDto } from './item.dto.js';

/** On one page, when a conversation is shown. */
const SHOWN_ITEMS = 100;
const PER_PAGE = 25;
const SHOWN_BESIDE = {
  messages: {
    type: 'array',
    items: { $ref: getSchemaPath(ConversationItemDto) },
    maxItems: SHOWN_ITEMS,
    description: 'Its newest items, oldest first.',
  },
  has_more: { type: 'boolean', example: false, description: 'Whether there are older ones.' },
};

const ConversationParam = () => ObjectParam('conversation', { typeId: 'channel' });
const NoteParam = () => ObjectParam('note', { name: 'note_id' });

@ApiTags('conversations')
@ApiExtraModels(ConversationItemDto)
@Controller('api/v1/conversations')
export class TimelineController {
  constructor(
    private readonly conversations: InboxService,
    private readonly timeline: TimelineService,
    private readonly replies: RepliesService,
    private readonly memberships: Memberships,
  ) {}

  @Post('uploads')
  @Allows('conversations', 'agent')
  @Operation('Begin upload', {
    id: 'beginConversationUpload',
    description: 'A file for `attachment_ids`. Its bytes are sent by one PUT to `upload_url`.',
    refuses: [503],
  })
  @Answers(ConversationUploadDto, { status: 201, description: 'Where its bytes go.' })
  async beginUpload(
    @CurrentTenant() tenant: Tenant,
    @Body() body: NewUploadDto,
    @BaseUrl() base: string,
  ): Promise<Data<ConversationUploadDto>> {
    const { id: uuid, upload } = await this.timeline.beginUpload(tenant, body);
    return data({ uuid, upload_url: absoluteUrl(upload, base)!, expires_at: upload!.expiresAt.toISOString() });
  }

  @Get(':id')
  @Allows('conversations', 'viewer')
  @Operation('Retrieve conversation', {
    id: 'getConversation',
    description: 'With its newest 100 items, oldest first. The team has read it then, unless a viewer asks.',
    refuses: [404],
  })
  @LeadsOn(ConversationMergesService, 'channel')
  @Answers(InboxConversationDto, { description: 'The conversation.', beside: SHOWN_BESIDE })
  async get(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Query() { markRead }: ShowConversationQuery,
    @Req() { method }: Request,
  ): Promise<
    Data<InboxConversationDto> & { readonly messages: readonly ConversationItemDto[]; readonly has_more: boolean }
  > {
    const found = await this.conversations.get(tenant, id);
    const marks = (markRead ?? true) && method === 'GET' && (await this.isAtLeast('agent', tenant, caller));
    const conversation = marks ? await this.conversations.markRead(tenant, found) : found;
    const { items, hasMore } = await this.timeline.list(tenant, conversation.id, SHOWN_ITEMS, null);
    const messages = items.map((item) => presentItem(conversation, item)).reverse();
    return { ...data(presentConversation(conversation)), messages, has_more: hasMore };
  }

  @Get(':id/messages')
  @ApiExtraModels(...[...ENGAGEMENT_EVENTS.values()].map(({ schema }) => schema))
  @Allows('conversations', 'viewer')
  @Operation('List items', {
    id: 'listConversationItems',
    description: 'Messages, notes and activities, newest first. The next page is asked for with `before`.',
    refuses: [404],
  })
  @AnswersListPageOf(ConversationItemDto)
  @LeadsOn(ConversationMergesService, 'channel')
  async list(
    @CurrentTenant() tenant: Tenant,
    @ConversationParam() id: ObjectRef,
    @Query() { before = null, perPage }: ListItemsQuery,
  ): Promise<ListPage<ConversationItemDto>> {
    const conversation = await this.conversations.get(tenant, id);
    const { items, hasMore } = await this.timeline.list(tenant, conversation.id, perPage ?? PER_PAGE, before);
    return new ListPage(
      items.map((item) => presentItem(conversation, item)),
      { perPage: perPage ?? PER_PAGE, before },
      { total: conversation.messageCount + conversation.entryCount, hasMore },
    );
  }

  @Post(':id/reply')
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Reply', {
    id: 'replyToConversation',
    refuses: [404],
    says: { 422: 'A field is wrong, or the contact can not be reached.' },
  })
  @Answers(ConversationItemDto, { status: 201, description: 'The reply, or the note.' })
  async reply(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Body() { body, bodyText, bodyHtml, internal, lastSeenId, ...more }: NewReplyDto,
  ): Promise<Data<ConversationItemDto>> {
    const conversation = await this.conversations.get(tenant, id);
    const words = bodyText ?? replyTextIn('body', body!);
    const item = internal
      ? await this.timeline.addNote(tenant, conversation.id, await this.authorOf(tenant, caller), words)
      : await this.replies
          .reply(tenant, conversation, speakerOf(caller), {
            ...more,
            body: words,
            html: replyHtmlIn('body_html', bodyHtml) ?? replyHtmlIn('body', body),
            lastSeenId,
          })
          .catch((error: unknown) => {
            throw shown(conversation, error);
          });
    return data(presentItem(conversation, item));
  }

  @Post(':id/notes')
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Add note', { id: 'addConversationNote', description: 'The contact never sees it.', refuses: [404] })
  @Answers(ConversationItemDto, { status: 201, description: 'The note.' })
  async addNote(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Body() { body }: NoteBodyDto,
  ): Promise<Data<ConversationItemDto>> {
    const conversation = await this.conversations.get(tenant, id);
    const author = await this.authorOf(tenant, caller);
    return data(presentItem(conversation, await this.timeline.addNote(tenant, conversation.id, author, body)));
  }

  @Put(':id/notes/:note_id')
  @Allows('conversations', 'agent')
  @Operation('Update note', {
    id: 'updateConversationNote',
    description: 'Of others’ notes only admins may.',
    refuses: [404],
  })
  @Answers(ConversationItemDto, { description: 'The note.' })
  async updateNote(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @NoteParam() note: ObjectRef,
    @Body() { body }: NoteBodyDto,
  ): Promise<Data<ConversationItemDto>> {
    const conversation = await this.conversations.get(tenant, id);
    const author = await this.authorOf(tenant, caller);
    return data(presentItem(conversation, await this.timeline.updateNote(tenant, conversation.id, note, author, body)));
  }

  @Delete(':id/notes/:note_id')
  @Allows('conversations', 'agent')
  @Operation('Delete note', {
    id: 'deleteConversationNote',
    description: 'Of others’ notes only admins may.',
    refuses: [404],
  })
  @AnswersNothing('It is gone.')
  async deleteNote(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @NoteParam() note: ObjectRef,
  ): Promise<void> {
    const conversation = await this.conversations.get(tenant, id);
    await this.timeline.deleteNote(tenant, conversation.id, note, await this.authorOf(tenant, caller));
  }

  private async authorOf(tenant: Tenant, caller: WorkspaceCaller): Promise<NoteAuthor> {
    return { userId: userOf(caller), isAdmin: await this.isAtLeast('admin', tenant, caller) };
  }

  /** A key is what an admin is. */
  private async isAtLeast(role: Role, { clientId }: Tenant, { user }: WorkspaceCaller): Promise<boolean> {
    const has = user === null ? 'admin' : await this.memberships.roleOf(user.userId, clientId);
    return has !== null && isAtLeast(has, role);
  }
}

/** With the reply that is in the way, as it is shown. */
function shown(conversation: ConversationRow, error: unknown): unknown {
  return error instanceof StaleReply ? new StaleReply(error.newest, presentItem(conversation, error.newest)) : error;
}
