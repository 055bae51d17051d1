import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { QueuedMail } from './mail.entity.js';
import { CLAIM, DONE, LATER, QUEUE } from './mails.sql.js';

export type DueMail = Pick<QueuedMail, 'kind' | 'email' | 'about' | 'data' | 'version' | 'attempts'>;

@Injectable()
export class MailsRepository {
  constructor(private readonly database: Database) {}

  /** Not where as many were asked for as may be. */
  async queue(kind: string, email: string, about: string, data: object): Promise<void> {
    if ((await this.database.acrossTenants(QUEUE, [kind, email, about, data])).length > 0) {
      this.database.raised();
    }
  }

  /** `listener` runs when there may be one to be sent: never within the transaction that asks for it, which may yet be undone. */
  onQueue(listener: () => void): () => void {
    return this.database.commits.onNotify(listener);
  }

  claim(most: number): Promise<DueMail[]> {
    return this.database.acrossTenants<DueMail & Record<string, unknown>>(CLAIM, [most]);
  }

  async done({ kind, email, about, version }: DueMail): Promise<void> {
    await this.database.acrossTenants(DONE, [kind, email, about, version]);
  }

  async later({ kind, email, about, version }: DueMail, seconds: number): Promise<void> {
    await this.database.acrossTenants(LATER, [kind, email, about, version, seconds]);
  }
}
