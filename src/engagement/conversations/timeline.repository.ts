import { Injectable } from '@nestjs/common';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { EmailFile } from '../../delivery/email/messages/email-message.entity.js';
import type { StoredFile } from '../../platform/outbox/event-types.js';
import { Database } from '../../platform/database/database.js';
import { TenantRepository } from '../../platform/database/tenant.repository.js';
import * as SQL from './timeline.sql.js';

/** A message, a note or an activity. */
export interface StoredItem {
  /** The place of a message; of an entry its number, from `FIRST_ENTRY` on. */
  readonly number: number;
  readonly id: string;
  /** `message` is the contact's, `reply` ours. */
  readonly kind: 'message' | 'reply' | 'note' | 'activity';
  /** Null of an activity. */
  readonly body: string | null;
  /** Of an activity: what became what. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly files: readonly StoredFile[];
  readonly createdAt: Date;
  /** The user who wrote or did it. */
  readonly userId: string | null;
  readonly userNumber: number | null;
  readonly userName: string | null;
  /** The customer who wrote it, unless it was erased. */
  readonly contactNumber: number | null;
  readonly contactName: string | null;
  readonly deliveryStatus: string | null;
  readonly errorCode: string | null;
  /** Of a mail: all it says, and its HTML, safe to show; null where it is none, or the answer would be too large. */
  readonly mailText: string | null;
  readonly mailHtml: string | null;
  readonly mailFiles: readonly EmailFile[] | null;
}
type Row = StoredItem & Record<string, unknown>;

/** An item, and what it stands behind. */
interface Bound {
  readonly message: number;
  readonly entry: number;
  readonly place: number;
}
const NO_BOUND: Bound = { message: SQL.FIRST_ENTRY, entry: 0, place: SQL.FIRST_ENTRY };

@Injectable()
export class TimelineRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** Newest first; null where there is no item `before`. */
  async list(tenant: Tenant, channelId: string, limit: number, before: number | null): Promise<StoredItem[] | null> {
    const bound = before === null ? NO_BOUND : await this.boundOf(tenant, channelId, before);
    return bound && this.rows<Row>(tenant, SQL.LIST, channelId, limit, bound.message, bound.entry, bound.place);
  }

  async findMessage(tenant: Tenant, channelId: string, messageId: string): Promise<StoredItem | null> {
    return (await this.row<Row>(tenant, SQL.FIND_MESSAGE, channelId, messageId)) ?? null;
  }

  findItems(tenant: Tenant, messageIds: readonly string[], noteIds: readonly string[]): Promise<StoredItem[]> {
    return this.rows<Row>(tenant, SQL.FIND_ITEMS, messageIds, noteIds);
  }

  async findMessageId(tenant: Tenant, channelId: string, ref: ObjectRef): Promise<string | null> {
    const [position, id] = typeof ref === 'number' ? [ref, null] : [null, ref];
    return (await this.row<{ id: string }>(tenant, SQL.FIND_MESSAGE_ID, channelId, position, id))?.id ?? null;
  }

  /** By the number of the item, or its id. */
  async findNote(tenant: Tenant, channelId: string, ref: number | string): Promise<StoredItem | null> {
    const [number, id] = typeof ref === 'number' ? [ref - SQL.FIRST_ENTRY, null] : [null, ref];
    return (await this.row<Row>(tenant, SQL.FIND_NOTE, channelId, number, id)) ?? null;
  }

  /** @returns the number of its item; null where there is no such conversation */
  async addNote(tenant: Tenant, channelId: string, userId: string | null, body: string): Promise<number | null> {
    const row = await this.row<{ number: number }>(tenant, SQL.ADD_NOTE, channelId, userId, body);
    return row ? row.number + SQL.FIRST_ENTRY : null;
  }

  async updateNote(tenant: Tenant, channelId: string, number: number, body: string): Promise<boolean> {
    return (await this.row(tenant, SQL.UPDATE_NOTE, channelId, number - SQL.FIRST_ENTRY, body)) !== undefined;
  }

  async deleteNote(tenant: Tenant, channelId: string, number: number): Promise<boolean> {
    return (await this.row(tenant, SQL.DELETE_NOTE, channelId, number - SQL.FIRST_ENTRY)) !== undefined;
  }

  private async boundOf(tenant: Tenant, channelId: string, number: number): Promise<Bound | null> {
    const row = await this.row<{ place: number }>(tenant, SQL.PLACE, channelId, number);
    if (!row) {
      return null;
    }
    const { place } = row;
    return number < SQL.FIRST_ENTRY
      ? { message: place, entry: 0, place }
      : { message: place + 1, entry: number - SQL.FIRST_ENTRY, place };
  }
}
