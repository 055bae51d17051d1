import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Database } from '../../../platform/database/database.js';
import { TenantRepository } from '../../../platform/database/tenant.repository.js';
import type { KnownMail, Thread } from '../threads/choose-thread.js';
import type { EmailMessage } from './email-message.entity.js';
import { BEGIN_THREAD, CREATE, FIND_FOLLOWED, FIND_THREAD, IS_KNOWN } from './email-messages.sql.js';

export type NewEmailMessage = Omit<EmailMessage, 'clientId' | 'createdAt' | 'channel'>;

@Injectable()
export class EmailMessagesRepository extends TenantRepository {
  constructor(database: Database) {
    super(database);
  }

  /** False where the mail is there already. */
  async insert(tenant: Tenant, mail: NewEmailMessage): Promise<boolean> {
    const { channelId, accountId, messageId, messageIdSha256, replyTo, follows, isMarked, files, rawFileId, ...rest } =
      mail;
    const row = {
      ...{ ...rest, channel_id: channelId, account_id: accountId, message_id: messageId, reply_to: replyTo },
      ...{ followed_ids: follows, attachments: files, raw_file_id: rawFileId, is_marked: isMarked },
      message_id_sha256: `\\x${messageIdSha256.toString('hex')}`,
    };
    return (await this.row(tenant, CREATE, JSON.stringify(row))) !== undefined;
  }

  /** @param isOurs whether it may be one that went out; of others, a Message-ID of ours may be copied */
  async isKnown(tenant: Tenant, accountId: string, messageIdSha256: Buffer, isOurs: boolean): Promise<boolean> {
    return (await this.row(tenant, IS_KNOWN, accountId, messageIdSha256, isOurs)) !== undefined;
  }

  async findThread(tenant: Tenant, number: number, accountId: string): Promise<Thread | null> {
    return (await this.row<Thread & Record<string, unknown>>(tenant, FIND_THREAD, number, accountId)) ?? null;
  }

  /** In the order of the ids. */
  async findFollowed(tenant: Tenant, ids: readonly string[], accountId: string): Promise<KnownMail[]> {
    const rows = await this.rows<Thread & { addresses: string[] } & Record<string, unknown>>(
      tenant,
      FIND_FOLLOWED,
      ids.map(hashOf),
      accountId,
    );
    return rows.map(({ addresses, ...thread }) => ({ thread, addresses }));
  }

  async beginThread(tenant: Tenant, channelId: string, subject: string, relatedId: string | null): Promise<void> {
    await this.row(tenant, BEGIN_THREAD, channelId, subject, relatedId);
  }
}

/** What a mail is found by: Message-IDs may be long, and are compared as they are. */
export function hashOf(messageId: string | Uint8Array): Buffer {
  return createHash('sha256').update(messageId).digest();
}
