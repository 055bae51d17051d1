import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BoundedThread, TooHeavy } from '../../../platform/common/threads/bounded-thread.js';
import type { ReadText, ToRead } from './readable.js';
import { TOO_HEAVY, Unreadable } from './unreadable.js';

/** What the thread answers. */
export type ThreadAnswer = { readonly read: ReadText } | { readonly problem: string };

/** Takes the text out of files and pages in a thread of its own, one after another. */
@Injectable()
export class DocumentReader implements OnApplicationShutdown {
  private readonly thread = new BoundedThread(new URL('./document-thread.js', import.meta.url));

  onApplicationShutdown(): Promise<void> {
    return this.thread.end();
  }

  /** @throws Unreadable */
  async read(what: ToRead): Promise<ReadText> {
    const answer = await this.thread.ask<ThreadAnswer>(what).catch((error: unknown) => {
      throw error instanceof TooHeavy ? new Unreadable(TOO_HEAVY) : error;
    });
    if ('problem' in answer) {
      throw new Unreadable(answer.problem);
    }
    return answer.read;
  }
}
