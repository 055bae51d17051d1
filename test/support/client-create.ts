import { execFile } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs one of the programs of src/cli as somebody would. */
export const runProgram =
  (name: string) =>
  (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
    new Promise((resolve) => {
      const program = new URL(`../../dist/src/cli/${name}.js`, import.meta.url).pathname;
      const settings = { PATH: process.env.PATH, DATABASE_URL: process.env.TEST_DATABASE_URL, ...env };
      execFile(process.execPath, [program, ...args], { env: settings }, (failure, out, error) =>
        resolve({ code: failure ? Number(failure.code) : 0, out, error }),
      );
    });

export const clientCreate = runProgram('client-create');
