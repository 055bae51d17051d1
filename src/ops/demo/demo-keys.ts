import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.js';

/** The demo client's, as `/docs` fills them in. */
export interface DemoKeys {
  readonly public_key: string;
  readonly secret_key: string;
}

/** Whether somebody tries the server on the private PostgreSQL: only then is there a demo client of its own making. */
export function isDevelopment({ production, databaseUrl }: Pick<Config, 'production' | 'databaseUrl'>): boolean {
  return !production && databaseUrl === undefined;
}

/** Keeps them in clear, which is done with no other key: whoever reads this folder has the database that lies in it, too. */
export async function keepDemoKeys(dataDir: string, keys: DemoKeys): Promise<void> {
  await writeFile(fileIn(dataDir), JSON.stringify(keys), { mode: 0o600 });
}

/** Null where the first start kept none. */
export async function readDemoKeys(dataDir: string): Promise<DemoKeys | null> {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as DemoKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'demo-keys.json');
}
