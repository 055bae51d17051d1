import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ChannelsService } from '../../channels/channels.service.js';
import type { ConversationPriority } from '../../delivery/conversations/conversation.entity.js';
import type { Speaker } from '../../delivery/texts/texts.service.js';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { AiRepliesService } from '../ai/replies/ai-replies.service.js';
import { CannedResponsesService } from '../canned-responses/canned-responses.service.js';
import { InboxRepository, type ConversationRow } from './inbox.repository.js';
import { InboxService } from './inbox.service.js';
import { ReplyChannels, type Say } from './reply-channels.js';
import { notConnected, unreachable } from './reply-refusals.js';
import { StaleReply } from './stale-reply.js';
import { TimelineService, type TimelineItem } from './timeline.service.js';

/** What somebody who does not know the name of a channel may call it. */
const MEDIA_NAMES: Readonly<Record<string, string>> = { live_chat: 'chat' };

export interface NewReply {
  /** Text. */
  readonly body: string;
  /** How an e-mail shows it, safe to show; other media show `body`. */
  readonly html?: string | null;
  readonly ccEmails?: readonly string[] | null;
  readonly bccEmails?: readonly string[] | null;
  /** What it was made of. */
  readonly cannedResponseId?: ObjectRef | null;
  readonly aiReplyId?: string | null;
  readonly attachmentIds?: readonly string[];
  /** The newest item that its author has seen: where the team has replied since, this is refused. */
  readonly lastSeenId?: ObjectRef | null;
  readonly close?: boolean | null;
}

export interface NewConversation {
  readonly contact: ObjectRef;
  readonly channel: string;
  readonly message: string;
  readonly html?: string | null;
  readonly attachmentIds?: readonly string[];
  readonly subject?: string | null;
  readonly priority?: ConversationPriority | null;
  /** A customer; null: the default one. */
  readonly addressId?: string | null;
}

/** What the team says to a contact, through the channel that the conversation goes by. */
@Injectable()
export class RepliesService {
  constructor(
    private readonly conversations: InboxService,
    private readonly rows: InboxRepository,
    private readonly timeline: TimelineService,
    private readonly canned: CannedResponsesService,
    private readonly generated: AiRepliesService,
    private readonly channels: ChannelsService,
    private readonly outward: ReplyChannels,
  ) {}

  /**
   * Accepted with this; a text message is then sent by the worker.
   * @param speaker who replies
   * @throws Refusal 404; 409 where somebody else has replied; 422 where it can not go out
   */
  async reply(tenant: Tenant, conversation: ConversationRow, speaker: Speaker, reply: NewReply): Promise<TimelineItem> {
    refuseCopies(conversation.medium, reply);
    const say = await this.outward.answer(tenant, conversation, speaker, reply);
    const id = isSaidAlone(conversation, speaker, reply)
      ? await say(tenant, conversation.id)
      : await this.rows.inTransaction(tenant, () => this.sayWith(tenant, conversation, speaker, reply, say));
    return this.timeline.getMessage(tenant, conversation.id, id);
  }

  /** With what it brings about. */
  private async sayWith(
    tenant: Tenant,
    conversation: ConversationRow,
    speaker: Speaker,
    reply: NewReply,
    say: Say,
  ): Promise<string> {
    await this.refuseStale(tenant, conversation, reply.lastSeenId ?? null);
    const messageId = await say(tenant, conversation.id);
    await this.dress(tenant, conversation.medium, messageId, reply);
    if (reply.close) {
      await this.conversations.apply(tenant, conversation, speaker.userId ?? null, { status: 'closed' });
    }
    if (reply.cannedResponseId != null) {
      await this.useCanned(tenant, speaker, reply.cannedResponseId, messageId);
    }
    if (reply.aiReplyId != null) {
      await this.generated.use(tenant, reply.aiReplyId);
    }
    return messageId;
  }

  /**
   * A conversation that the team begins, or, by text message, goes on with: there is one of a number and a contact.
   * @throws Refusal 422 where the contact can not be reached, or the channel is not connected
   */
  async begin(tenant: Tenant, speaker: Speaker, wanted: NewConversation): Promise<ConversationRow> {
    const [userId, medium] = [speaker.userId ?? null, MEDIA_NAMES[wanted.channel] ?? wanted.channel];
    const contact = await this.conversations.contactIn(tenant, wanted.contact);
    const address = await this.rows.findSpeaker(tenant, medium, wanted.addressId ?? null);
    if (!address) {
      throw wanted.addressId == null
        ? notConnected(wanted.channel)
        : invalid('address_id', 'The selected address_id is invalid.');
    }
    const reply = { body: wanted.message, attachmentIds: wanted.attachmentIds ?? [] };
    if (medium === 'email' && contact.isSuppressed) {
      throw unreachable(medium);
    }
    const { phone, email } = contact;
    const to = { medium, addressId: address.id, address: address.address, phone, email };
    const say = await this.outward.prepare(tenant, to, speaker, reply);
    // Before the transaction: whoever makes a channel locks counters, which come before all that a message locks.
    const channelId = await this.channelWith(tenant, medium, address.id, contact.id);
    await this.rows.inTransaction(tenant, async () => {
      if (userId !== null) {
        await this.rows.holdMember(tenant, userId);
      }
      const messageId = await say(tenant, channelId);
      await this.dress(tenant, medium, messageId, wanted);
      const conversation = await this.conversations.get(tenant, channelId);
      await this.conversations.apply(tenant, conversation, userId, {
        ...(userId === null ? {} : { assignee_id: userId }),
        ...(wanted.subject == null ? {} : { subject: wanted.subject }),
        ...(wanted.priority == null ? {} : { priority: wanted.priority }),
      });
      if (medium === 'email') {
        await this.rows.nameMails(tenant, channelId, wanted.subject ?? '');
      }
    });
    return this.conversations.get(tenant, channelId);
  }

  /** The mail is there, made of what was said: this is what else it has. */
  private async dress(
    tenant: Tenant,
    medium: string,
    messageId: string,
    { html = null, ccEmails, bccEmails }: Pick<NewReply, 'html' | 'ccEmails' | 'bccEmails'>,
  ): Promise<void> {
    if (medium === 'email' && (html !== null || ccEmails?.length || bccEmails?.length)) {
      await this.rows.dressMail(tenant, messageId, { html, cc: ccEmails ?? [], bcc: bccEmails ?? [] });
    }
  }

  /** @throws Refusal 422 */
  private async useCanned(tenant: Tenant, { userId }: Speaker, ref: ObjectRef, messageId: string): Promise<void> {
    const id = await this.canned.use({ tenant, userId }, ref);
    if (id === null) {
      throw invalid('canned_response_id', 'The selected canned_response_id is invalid.');
    }
    await this.rows.keepCanned(tenant, messageId, id);
  }

  /** Two who have seen the same wait for each other here: the second sees that there is a reply. @throws Refusal 409 */
  private async refuseStale(
    tenant: Tenant,
    conversation: ConversationRow,
    lastSeenId: ObjectRef | null,
  ): Promise<void> {
    if (lastSeenId === null) {
      return;
    }
    await this.rows.holdSpeaker(tenant, conversation);
    const id = await this.rows.findLaterReply(tenant, conversation, lastSeenId);
    if (id !== null) {
      throw new StaleReply(await this.timeline.getMessage(tenant, conversation.id, id));
    }
  }

  /** A number and a contact have one; with a desk each conversation is one of its own. */
  private async channelWith(tenant: Tenant, medium: string, addressId: string, contactId: string): Promise<string> {
    const customerIds = [addressId, contactId];
    const { row } = await (medium === 'sms'
      ? this.channels.create(tenant, { type: 'general', customerIds })
      : this.channels.create(tenant, { type: 'custom', name: `${medium} ${uuidv7()}`, customerIds, isShared: false }));
    return row.id;
  }
}

/** Nothing is to commit with it: then it may be sent with others, as any message. */
function isSaidAlone({ medium }: ConversationRow, { userId }: Speaker, reply: NewReply): boolean {
  const { lastSeenId, close, cannedResponseId, aiReplyId } = reply;
  const brings = [userId, lastSeenId, cannedResponseId, aiReplyId].some((one) => one != null) || close === true;
  return medium !== 'email' && !brings;
}

/** @throws Refusal 422 */
function refuseCopies(medium: string, { ccEmails, bccEmails }: NewReply): void {
  for (const [field, emails] of Object.entries({ cc_emails: ccEmails, bcc_emails: bccEmails })) {
    if (medium !== 'email' && emails != null && emails.length > 0) {
      throw invalid(field, `The ${field} field goes with conversations by e-mail only.`);
    }
  }
}
