import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutageLog } from '../platform/common/outage-log.js';
import { FileRemovalsRepository, type RemovableFile } from './file-removals.repository.js';
import { Storage } from './storage.js';

/** Milliseconds between two looks for what is due. */
const LOOK_EVERY_MS = 2_000;
/** Rows, or objects of the store, at a time. */
const BATCH = 100;

/**
 * Deletes files that were not sent in time, and the bytes of deleted ones: outside of every transaction, and again until
 * the storage says that they are gone.
 */
@Injectable()
export class FileRemovals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly outages = new OutageLog(new Logger('Files'), 'Deleted files can not be removed');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<unknown> | undefined;
  private stopping = false;

  constructor(
    private readonly removals: FileRemovalsRepository,
    private readonly storage: Storage,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
    }, LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await this.keepDoing(() => this.removals.expire(BATCH));
      await this.keepDoing(() => this.removeSome());
      this.outages.over();
    } catch (error) {
      this.outages.began(error);
    }
  }

  private async keepDoing(some: () => Promise<number>): Promise<void> {
    for (let done = BATCH; done === BATCH && !this.stopping;) {
      done = await some();
    }
  }

  /** Answers how many were due. What the storage does not remove stays due. @throws what the first failure is */
  private async removeSome(): Promise<number> {
    const due = await this.removals.claim(BATCH);
    if (due.length === 0) {
      return 0;
    }
    const ends = await Promise.allSettled(due.map((file) => this.storage.remove(file)));
    const removed: RemovableFile[] = due.filter((_, at) => ends[at]!.status === 'fulfilled');
    await this.removals.removed(removed);
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure) {
      throw failure.reason;
    }
    return due.length;
  }
}
