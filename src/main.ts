import { ConfigError, loadConfig } from './config.js';
import { AlreadyRunning, EmbeddedPostgres } from './database/embedded-postgres.js';

/** sysexits.h: a configuration that can't be used. */
const EX_CONFIG = 78;

async function main(): Promise<void> {
  const config = loadConfig();
  // The database comes up while the application, which is half a second's reading, is loaded.
  const [embedded, { serve }] = await Promise.all([
    config.databaseUrl === undefined ? EmbeddedPostgres.open(config.dataDir) : null,
    import('./serve.js'),
  ]);
  await embedded?.own();
  await serve(config, embedded);
}

try {
  await main();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof AlreadyRunning || isAddressTaken(error);
  process.stderr.write(
    `Parlance can't start: ${expected ? (error as Error).message : String((error as Error).stack)}\n`,
  );
  process.exitCode = error instanceof ConfigError ? EX_CONFIG : 1;
}

function isAddressTaken(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '');
}
