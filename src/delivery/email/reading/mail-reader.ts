import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SECOND_MS } from '../../../platform/common/durations.js';
import type { ReadMail } from './read-mail.js';

const TIMEOUT_MS = 30 * SECOND_MS;
const MEMORY_MB = 256;

/** It took more time or memory than a mail may. */
export class MailTooHeavy extends Error {}

/**
 * Reads mails in a thread of its own, one after another: whatever a mail does to it, this process goes on, and the next mail
 * is read in a new one.
 */
@Injectable()
export class MailReader implements OnApplicationShutdown {
  private thread: Worker | null = null;
  private last: Promise<unknown> = Promise.resolve();

  async onApplicationShutdown(): Promise<void> {
    await this.thread?.terminate();
  }

  /** @throws MailTooHeavy */
  read(raw: Uint8Array, timeoutMs = TIMEOUT_MS): Promise<ReadMail> {
    const mail = this.last.then(() => this.readNext(raw, timeoutMs));
    this.last = mail.catch(() => undefined);
    return mail;
  }

  private async readNext(raw: Uint8Array, timeoutMs: number): Promise<ReadMail> {
    const thread = (this.thread ??= this.start());
    try {
      const answered = once(thread, 'message', { signal: AbortSignal.timeout(timeoutMs) });
      // A copy goes there, so that whoever asked keeps its bytes.
      thread.postMessage(raw);
      const [mail] = (await answered) as [ReadMail];
      return mail;
    } catch (error) {
      this.thread = null;
      void thread.terminate();
      throw new MailTooHeavy((error as Error).message);
    }
  }

  private start(): Worker {
    const thread = new Worker(new URL('./mail-thread.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      // What stands in the environment is none of its business.
      env: {},
    });
    thread.unref();
    return thread;
  }
}
