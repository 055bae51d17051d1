import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SECOND_MS } from '../durations.js';

const TIMEOUT_MS = 30 * SECOND_MS;
const MEMORY_MB = 256;

/** It took more time or memory than there is for one. */
export class TooHeavy extends Error {}

/**
 * Does what strangers' bytes may make heavy in a thread of its own, one after another: whatever they do to it, this process
 * goes on, and the next is done in a new one.
 */
export class BoundedThread {
  private thread: Worker | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** @param script answers each message that it is sent by one of its own */
  constructor(private readonly script: URL) {}

  /** @throws TooHeavy */
  ask<Answer>(message: unknown, timeoutMs = TIMEOUT_MS): Promise<Answer> {
    const answer = this.last.then(() => this.askNext<Answer>(message, timeoutMs));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async end(): Promise<void> {
    await this.thread?.terminate();
  }

  private async askNext<Answer>(message: unknown, timeoutMs: number): Promise<Answer> {
    const thread = (this.thread ??= this.start());
    try {
      const answered = once(thread, 'message', { signal: AbortSignal.timeout(timeoutMs) });
      // A copy goes there, so that whoever asked keeps its bytes.
      thread.postMessage(message);
      const [answer] = (await answered) as [Answer];
      return answer;
    } catch (error) {
      this.thread = null;
      void thread.terminate();
      throw new TooHeavy((error as Error).message);
    }
  }

  private start(): Worker {
    const thread = new Worker(this.script, {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      // What stands in the environment is none of its business.
      env: {},
    });
    thread.unref();
    return thread;
  }
}
