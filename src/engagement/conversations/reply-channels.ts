import { Injectable } from '@nestjs/common';
import { composeMessage } from '../../delivery/media/compose-message.js';
import { OutboundMedia } from '../../delivery/media/outbound-media.js';
import { ProvidersService } from '../../delivery/providers/providers.service.js';
import { TextsService, type PreparedText, type Speaker } from '../../delivery/texts/texts.service.js';
import { FilesService, type FileRow } from '../../files/files.service.js';
import { MessagesService } from '../../messages/messages.service.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { invalid } from '../../platform/common/errors/refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { InboxRepository, type ConversationRow } from './inbox.repository.js';
import { InboxService } from './inbox.service.js';
import { notConnected, unreachable } from './reply-refusals.js';

/** Bytes of all files of a reply. */
const MAX_FILE_BYTES = 25 * 1024 * 1024;

/** What is said, and the ids of files that go with it. */
interface Said {
  readonly body: string;
  readonly attachmentIds?: readonly string[];
}

interface Recipient {
  readonly medium: string;
  /** By which the team speaks, and what it is called there; empty: it is given up. */
  readonly addressId: string;
  readonly address: string;
  /** Of the contact. */
  readonly phone: string | null;
  readonly email: string | null;
}

/** A checked reply, ready to be said in a channel. @returns the id of the message */
export type Say = (tenant: Tenant, channelId: string) => Promise<string>;

/** How the team's words go out: all that may be wrong is found before anything is written. */
@Injectable()
export class ReplyChannels {
  constructor(
    private readonly conversations: InboxService,
    private readonly rows: InboxRepository,
    private readonly texts: TextsService,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly providers: ProvidersService,
    private readonly outbound: OutboundMedia,
  ) {}

  /** To whom a conversation is with, by what it goes by. @throws Refusal 422 */
  async answer(tenant: Tenant, conversation: ConversationRow, speaker: Speaker, reply: Said): Promise<Say> {
    const { medium, addressId, contactId } = conversation;
    if (medium === 'chat') {
      // It is where it is: nobody is looked for.
      return this.prepare(tenant, { medium, addressId, address: '', phone: null, email: null }, speaker, reply);
    }
    const contact = contactId === null ? null : await this.conversations.contactIn(tenant, contactId);
    const address = await this.rows.findAddress(tenant, medium, addressId);
    const { phone = null, email = null } = contact ?? {};
    return this.prepare(tenant, { medium, addressId, address: address?.address ?? '', phone, email }, speaker, reply);
  }

  /** @throws Refusal 422 */
  async prepare(tenant: Tenant, to: Recipient, speaker: Speaker, { body, attachmentIds = [] }: Said): Promise<Say> {
    if (to.medium === 'email' && (to.email === null || to.address === '')) {
      throw unreachable(to.medium);
    }
    const files = await this.filesOf(tenant, attachmentIds);
    switch (to.medium) {
      case 'sms':
        return this.text(tenant, { ...to, body, files }, speaker);
      // The mail is made of what is said: see make_mails, in src/delivery/email.
      case 'email':
      case 'chat':
        return (tenantOf, channelId) =>
          this.chat(tenantOf, { channelId, senderId: to.addressId, body, files }, speaker);
      default:
        throw notConnected(to.medium);
    }
  }

  private async text(
    tenant: Tenant,
    given: {
      readonly address: string;
      readonly phone: string | null;
      readonly body: string;
      readonly files: readonly FileRow[];
    },
    speaker: Speaker,
  ): Promise<Say> {
    const { address: from, phone, body, files } = given;
    if (phone === null) {
      throw unreachable('sms');
    }
    if (files.length > 0) {
      const maxBytes = this.outbound.maxBytesOf((await this.providers.get(tenant)).kind);
      if (maxBytes === null || files.some(({ size }) => size > maxBytes)) {
        throw new ReasonedRefusal('media_not_supported', 'This number, or its provider, sends no such files');
      }
    }
    const text: PreparedText = { ...(await this.texts.prepare(tenant, { to: phone, from, alone: true, body })), files };
    return (tenantOf, channelId) => this.texts.write(tenantOf, { ...text, channelId }, speaker);
  }

  private async chat(
    tenant: Tenant,
    said: {
      readonly channelId: string;
      readonly senderId: string;
      readonly body: string;
      readonly files: readonly FileRow[];
    },
    { userId, keyId }: Speaker,
  ): Promise<string> {
    const { channelId, senderId, body, files } = said;
    const content = files.length === 0 ? ({ type: 'text', content: body } as const) : composeMessage(body, files);
    const { id } = await this.messages.send(tenant, { channelId, senderId, keyId, ...content });
    if (userId !== undefined) {
      await this.rows.sign(tenant, id, userId);
    }
    return id;
  }

  private async filesOf(tenant: Tenant, ids: readonly string[]): Promise<readonly FileRow[]> {
    if (ids.length === 0) {
      return [];
    }
    const found = await this.files.findUploaded(tenant, ids, null);
    const missing = ids.findIndex((id) => !found.has(id));
    if (missing >= 0) {
      throw invalid(`attachment_ids.${missing}`, `The selected attachment_ids.${missing} is invalid.`);
    }
    const files = [...new Set(ids)].map((id) => found.get(id)!);
    if (files.reduce((sum, { size }) => sum + size, 0) > MAX_FILE_BYTES) {
      throw invalid('attachment_ids', 'The attachments have more than 25 MB in all.');
    }
    return files;
  }
}
