import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotStart } from './platform/common/cannot-start.js';

/** Makes the folder, and proves that it can be written to. @throws CannotStart */
export async function prepareDataDir(directory: string): Promise<void> {
  const probe = join(directory, `.probe-${randomUUID()}`);
  try {
    await make(directory);
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new CannotStart(`DATA_DIR can't be written to: ${(error as Error).message}.`);
  }
}

/** As mkdir's own `recursive` does, which never ends where a folder that exists takes no others, such as /proc. */
async function make(directory: string, ancestors = true): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && ancestors) {
      await make(dirname(directory));
      await make(directory, false);
    } else if (code !== 'EEXIST') {
      throw error;
    }
  }
}
