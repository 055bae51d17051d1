import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { now } from '../platform/common/clock.js';
import { DAY_MS, HOUR_MS } from '../platform/common/durations.js';
import { storageAway, type Draft } from './storage.js';

/** Milliseconds; one that is being written is touched far more often. */
const UNFINISHED_AFTER_MS = DAY_MS;
const SWEEP_EVERY_MS = HOUR_MS;

/** Where bytes lie while they come, at `files/incoming`, so that a file is all there or not at all. */
export class Drafts implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly incoming: string;
  private readonly logger = new Logger('Files');
  private timer: NodeJS.Timeout | undefined;

  constructor(dataDir: string) {
    this.incoming = join(dataDir, 'files', 'incoming');
  }

  onApplicationBootstrap(): void {
    const sweep = (): void => void this.sweep().catch((error: unknown) => this.logger.warn((error as Error).message));
    sweep();
    this.timer = setInterval(sweep, SWEEP_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Writes bytes down; what was not all there is gone again.
   * @throws Refusal 503 where the disk is full, or what `bytes` throw
   */
  write(bytes: AsyncIterable<Buffer>): Promise<Draft> {
    return onDisk(this.logger, async () => {
      await mkdir(this.incoming, { recursive: true, mode: 0o700 });
      const path = join(this.incoming, randomUUID());
      const draft = await open(path, 'wx', 0o600);
      try {
        const size = await copy(bytes, draft);
        await draft.datasync();
        return { path, size };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      } finally {
        await draft.close();
      }
    });
  }

  /** Also where there is none any more. */
  async discard({ path }: Draft): Promise<void> {
    await rm(path, { force: true });
  }

  /** Removes what processes left that were killed while they wrote. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.incoming).catch(() => [])) {
      const path = join(this.incoming, name);
      const touched = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Infinity,
      );
      if (touched < now().getTime() - UNFINISHED_AFTER_MS) {
        await rm(path, { force: true });
      }
    }
  }
}

async function copy(bytes: AsyncIterable<Buffer>, to: FileHandle): Promise<number> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    await to.writeFile(chunk);
  }
  return size;
}

/** What the disk does not do, nobody's request is to blame for: it may be full, and is not for ever. */
export async function onDisk<T>(logger: Logger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) {
      throw error;
    }
    logger.error(`The disk of files failed: ${(error as Error).message}`);
    throw storageAway();
  }
}
