import { execFile } from 'node:child_process';

const PROGRAM = new URL('../../dist/src/cli/client-create.js', import.meta.url).pathname;

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs `client:create` as somebody would. */
export const clientCreate = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const settings = { PATH: process.env.PATH, DATABASE_URL: process.env.TEST_DATABASE_URL, ...env };
    execFile(process.execPath, [PROGRAM, ...args], { env: settings }, (failure, out, error) =>
      resolve({ code: failure ? Number(failure.code) : 0, out, error }),
    );
  });
