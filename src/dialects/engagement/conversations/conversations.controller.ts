import { Body, Controller, Delete, Get, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConversationMergesService } from '../../../engagement/conversations/conversation-merges.service.js';
import { InboxBulkService } from '../../../engagement/conversations/inbox-bulk.service.js';
import { RepliesService } from '../../../engagement/conversations/replies.service.js';
import { InboxService } from '../../../engagement/conversations/inbox.service.js';
import { replyHtmlIn, replyTextIn } from '../../../engagement/conversations/reply-text.js';
import type { Speaker } from '../../../delivery/texts/texts.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentCaller, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { WorkspaceCaller } from '../../../platform/common/tenancy/workspace-credentials.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { BulkChangeConversationsDto, BulkChangedConversationsDto } from './bulk-conversations.dto.js';
import {
  AssignInboxConversationDto,
  ListInboxQuery,
  MergeConversationDto,
  NewInboxConversationDto,
  UpdateInboxConversationDto,
} from './conversation-input.dto.js';
import { InboxConversationDto } from './conversation.dto.js';
import { presentConversation } from './conversation.presenter.js';

const ConversationParam = () => ObjectParam('conversation', { typeId: 'channel' });
const SAID = { type: 'string', maxLength: 512, example: 'Conversation closed.', description: 'What was done.' };

@ApiTags('conversations')
@Controller('api/v1/conversations')
export class InboxController {
  constructor(
    private readonly conversations: InboxService,
    private readonly bulk: InboxBulkService,
    private readonly replies: RepliesService,
    private readonly merges: ConversationMergesService,
  ) {}

  @Get()
  @Allows('conversations', 'viewer')
  @Operation('List conversations', {
    id: 'listConversations',
    description:
      'The newest message first. What is said can be searched with `in=messages` shortly after; after an update of the server, what was said before it takes longer.',
    refuses: [503],
  })
  @AnswersListPageOf(InboxConversationDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @Query() query: ListInboxQuery,
  ): Promise<ListPage<InboxConversationDto>> {
    const { status, priority, channel, assignedTo, contactId, isStarred, isRead, isAiHandled, search, searchIn } =
      query;
    const { items, total, hasMore } = await this.conversations.list(tenant, {
      ...{ status, priority, isStarred, isRead, isAiHandled, contact: contactId },
      ...(searchIn === 'messages' ? { said: search } : { search }),
      medium: channel === 'live_chat' ? 'chat' : channel,
      assignee: assigneeIn(assignedTo, caller),
      ...{ sort: query.sortBy ?? 'last_message_at', direction: query.sortDir },
      ...sliceIn(query, 'last_message_at'),
    });
    return new ListPage(items.map(presentConversation), query, { total, hasMore });
  }

  @Post()
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Begin conversation', {
    id: 'beginConversation',
    description: 'Sends the first message. By SMS it goes on with the conversation that there is with this contact.',
    says: { 422: 'A field is wrong, the contact can not be reached, or the channel is not connected.' },
  })
  @Answers(InboxConversationDto, { status: 201, description: 'The conversation.' })
  async begin(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @Body() { contactId: contact, message: said, body: spelled, bodyText, ...body }: NewInboxConversationDto,
  ): Promise<Data<InboxConversationDto>> {
    const message = bodyText ?? (said == null ? replyTextIn('body', spelled!) : replyTextIn('message', said));
    const html = replyHtmlIn('message', said) ?? replyHtmlIn('body', spelled);
    return data(
      presentConversation(await this.replies.begin(tenant, speakerOf(caller), { ...body, contact, message, html })),
    );
  }

  @Post('bulk')
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Change many conversations', {
    id: 'changeConversations',
    description: 'All of it or nothing. Each that is changed has its own activities and events.',
    says: { 422: 'A field is wrong, or the user may not answer conversations.' },
  })
  @Answers(BulkChangedConversationsDto, { description: 'The conversations are changed.' })
  async changeMany(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @Body() { conversationIds, set: { userId: assignee, ...change } }: BulkChangeConversationsDto,
  ): Promise<Data<BulkChangedConversationsDto>> {
    return data({
      changed: await this.bulk.change(tenant, conversationIds, userOf(caller), { ...change, assignee }),
    });
  }

  @Put(':id')
  @Allows('conversations', 'agent')
  @Operation('Replace conversation', { id: 'replaceConversation', description: 'The same as PATCH.', refuses: [404] })
  @Answers(InboxConversationDto, { description: 'The conversation.' })
  replace(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Body() body: UpdateInboxConversationDto,
  ): Promise<Data<InboxConversationDto>> {
    return this.update(tenant, caller, id, body);
  }

  @Patch(':id')
  @Allows('conversations', 'agent')
  @Operation('Update conversation', {
    id: 'updateConversation',
    description: 'What is left out stays. A change of the status or the priority leaves an activity.',
    refuses: [404],
  })
  @Answers(InboxConversationDto, { description: 'The conversation.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Body() body: UpdateInboxConversationDto,
  ): Promise<Data<InboxConversationDto>> {
    return data(presentConversation(await this.conversations.change(tenant, id, userOf(caller), body)));
  }

  @Delete(':id')
  @Allows('conversations', 'admin')
  @Operation('Delete conversation', {
    id: 'deleteConversation',
    description: 'With its messages and notes, for everybody, the contact included.',
    refuses: [404],
  })
  @AnswersNothing('It is gone.')
  async remove(@CurrentTenant() tenant: Tenant, @ConversationParam() id: ObjectRef): Promise<void> {
    await this.conversations.remove(tenant, id);
  }

  @Post(':id/assign')
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Assign conversation', {
    id: 'assignConversation',
    refuses: [404],
    says: { 422: 'A field is wrong, or the user may not answer conversations.' },
  })
  @Answers(InboxConversationDto, { description: 'The conversation.', beside: { message: SAID } })
  async assign(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Body() { userId = null }: AssignInboxConversationDto,
  ): Promise<Data<InboxConversationDto> & { readonly message: string }> {
    const conversation = await this.conversations.assign(tenant, id, userOf(caller), userId);
    const { assigneeName } = conversation;
    const message = assigneeName === null ? 'Conversation unassigned.' : `Conversation assigned to ${assigneeName}.`;
    return { ...data(presentConversation(conversation)), message };
  }

  @Post(':id/close')
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Close conversation', {
    id: 'closeConversation',
    description: 'One that is closed stays as it is. What the contact writes opens it again.',
    refuses: [404],
  })
  @Answers(InboxConversationDto, { description: 'The conversation.', beside: { message: SAID } })
  async close(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
  ): Promise<Data<InboxConversationDto> & { readonly message: string }> {
    const conversation = await this.conversations.close(tenant, id, userOf(caller));
    return { ...data(presentConversation(conversation)), message: 'Conversation closed.' };
  }

  @Post(':id/merge')
  @Allows('conversations', 'agent')
  @Idempotent()
  @Operation('Merge conversation', {
    id: 'mergeConversation',
    description:
      'The messages, notes and activities of another conversation with the same contact at the same address are in this one, in the order in which they were written: they keep their UUIDs, and the items of both get new ids. The other is deleted: a GET of it leads here, and so do mails that answer it. It is open if either was, and neither is closed by the other. Nobody has read more than before. Again, nothing changes.',
    refuses: [404],
    says: { 422: 'A field is wrong, or the two can not be one conversation.' },
  })
  @Answers(InboxConversationDto, { description: 'The conversation.' })
  async merge(
    @CurrentTenant() tenant: Tenant,
    @CurrentCaller() caller: WorkspaceCaller,
    @ConversationParam() id: ObjectRef,
    @Body() { otherId }: MergeConversationDto,
  ): Promise<Data<InboxConversationDto>> {
    return data(presentConversation(await this.merges.merge(tenant, id, otherId, userOf(caller))));
  }
}

/** Null: a program. */
export function userOf({ user }: WorkspaceCaller): string | null {
  return user?.userId ?? null;
}

/** Whose a message is to be. */
export function speakerOf({ user, auth }: WorkspaceCaller): Speaker {
  return user === null ? { keyId: auth!.by.id } : { userId: user.userId };
}

/** Nobody is `me` to a program. */
function assigneeIn(assignedTo: ObjectRef | null | undefined, caller: WorkspaceCaller): ObjectRef | null {
  if (assignedTo === 'unassigned') {
    return 'nobody';
  }
  return assignedTo === 'me' ? (userOf(caller) ?? 'nobody') : (assignedTo ?? null);
}
