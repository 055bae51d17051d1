import { Injectable } from '@nestjs/common';
import { attachmentName } from '../../delivery/email/reading/attachment-name.js';
import { MediaService, type SignedMedia } from '../../delivery/media/media.service.js';
import { FilesService, type FileLinks, type FileRow } from '../../files/files.service.js';
import { invalid, notFound } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import { AccessRefusal } from '../../platform/common/tenancy/access-refusal.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { TimelineRepository, type StoredItem } from './timeline.repository.js';

/** A file of an item, with the name it is to be kept under. */
type NamedMedia = SignedMedia & { readonly name: string };

/** An item of a conversation, with addresses for its files. */
export type TimelineItem = Omit<StoredItem, 'files'> & { readonly media: readonly NamedMedia[] };

/** Who writes notes: a user, or a program (null); whether others' are theirs to change as well. */
export interface NoteAuthor {
  readonly userId: string | null;
  readonly isAdmin: boolean;
}

/** What was said, noted and done in a conversation, in one order. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly timeline: TimelineRepository,
    private readonly media: MediaService,
    private readonly files: FilesService,
  ) {}

  /** Newest first; one more than `limit` says that there are others. @throws Refusal 422 on `before` */
  async list(
    tenant: Tenant,
    channelId: string,
    limit: number,
    before: number | null,
  ): Promise<{ readonly items: readonly TimelineItem[]; readonly hasMore: boolean }> {
    const items = await this.timeline.list(tenant, channelId, limit + 1, before);
    if (items === null) {
      throw invalid('before', 'The selected before is invalid.');
    }
    return { items: await this.withFiles(tenant, items.slice(0, limit)), hasMore: items.length > limit };
  }

  /** @throws Refusal 404 */
  async getMessage(tenant: Tenant, channelId: string, messageId: string): Promise<TimelineItem> {
    return this.shown(tenant, await this.timeline.findMessage(tenant, channelId, messageId));
  }

  /** Those of these messages and notes that are there, of whatever conversations. */
  async findItems(
    tenant: Tenant,
    messageIds: readonly string[],
    noteIds: readonly string[],
  ): Promise<readonly TimelineItem[]> {
    const some = messageIds.length + noteIds.length > 0;
    return some ? this.withFiles(tenant, await this.timeline.findItems(tenant, messageIds, noteIds)) : [];
  }

  /** @throws Refusal 404 */
  async messageIdOf(tenant: Tenant, channelId: string, ref: ObjectRef): Promise<string> {
    const id = await this.timeline.findMessageId(tenant, channelId, ref);
    if (id === null) {
      throw notFound('message');
    }
    return id;
  }

  /** @throws Refusal 404 */
  async addNote(tenant: Tenant, channelId: string, { userId }: NoteAuthor, body: string): Promise<TimelineItem> {
    const number = await this.timeline.addNote(tenant, channelId, userId, body);
    if (number === null) {
      throw notFound('conversation');
    }
    return this.shown(tenant, await this.timeline.findNote(tenant, channelId, number));
  }

  /** @throws Refusal 404; 403 where it is somebody else's */
  async updateNote(
    tenant: Tenant,
    channelId: string,
    ref: number | string,
    author: NoteAuthor,
    body: string,
  ): Promise<TimelineItem> {
    const { number } = await this.ownNote(tenant, channelId, ref, author);
    await this.timeline.updateNote(tenant, channelId, number, body);
    return this.shown(tenant, await this.timeline.findNote(tenant, channelId, number));
  }

  /** @throws Refusal 404; 403 where it is somebody else's */
  async deleteNote(tenant: Tenant, channelId: string, ref: number | string, author: NoteAuthor): Promise<void> {
    const { number } = await this.ownNote(tenant, channelId, ref, author);
    await this.timeline.deleteNote(tenant, channelId, number);
  }

  /** A file that is to be sent in a reply, and where its bytes go. */
  async beginUpload(
    tenant: Tenant,
    about: { readonly name: string; readonly mimeType: string; readonly size: number },
  ): Promise<FileRow & FileLinks> {
    await this.files.prepare();
    const file = await this.files.create(tenant, about, null);
    return { ...file, ...(await this.files.links(tenant, file)) };
  }

  private async ownNote(
    tenant: Tenant,
    channelId: string,
    ref: number | string,
    { userId, isAdmin }: NoteAuthor,
  ): Promise<StoredItem> {
    const note = await this.timeline.findNote(tenant, channelId, ref);
    if (!note) {
      throw notFound('note');
    }
    if (!isAdmin && note.userId !== userId) {
      throw new AccessRefusal({ role: 'admin' });
    }
    return note;
  }

  private async shown(tenant: Tenant, item: StoredItem | null): Promise<TimelineItem> {
    if (!item) {
      throw notFound('note');
    }
    const [shown] = await this.withFiles(tenant, [item]);
    return shown!;
  }

  /** Named as whoever sent them did, as far as that is no path and hides nothing; of the type that they are. */
  private async withFiles(tenant: Tenant, items: readonly StoredItem[]): Promise<TimelineItem[]> {
    const ids = items.flatMap(({ files }) => files.map(({ fileId }) => fileId));
    const rows = ids.length === 0 ? null : await this.files.findUploaded(tenant, ids, null);
    const named = (file: SignedMedia): NamedMedia => {
      const { name = null, mimeType: contentType = file.contentType } = rows?.get(file.fileId) ?? {};
      return { ...file, contentType, name: attachmentName(name, contentType) };
    };
    const signed = await this.media.sign(tenant, items);
    return signed.map((item) => ({ ...item, media: item.media.map(named) }));
  }
}
