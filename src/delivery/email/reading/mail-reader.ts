import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BoundedThread, TooHeavy } from '../../../platform/common/threads/bounded-thread.js';
import type { ReadMail } from './read-mail.js';

/** It took more time or memory than a mail may. */
export { TooHeavy as MailTooHeavy };

/** Reads mails in a thread of its own, one after another. */
@Injectable()
export class MailReader implements OnApplicationShutdown {
  private readonly thread = new BoundedThread(new URL('./mail-thread.js', import.meta.url));

  onApplicationShutdown(): Promise<void> {
    return this.thread.end();
  }

  /** @throws MailTooHeavy */
  read(raw: Uint8Array, timeoutMs?: number): Promise<ReadMail> {
    return this.thread.ask(raw, timeoutMs);
  }
}
