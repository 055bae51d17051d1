import { CannotStart } from './platform/common/cannot-start.js';
import { ConfigError, loadConfig } from './config.js';
import { prepareDataDir } from './data-dir.js';
import { EmbeddedPostgres } from './platform/database/embedded-postgres.js';
import { StopSignals } from './stop-signals.js';

/** sysexits.h: a configuration that can't be used. */
const EX_CONFIG = 78;

/** From the settings to the end: what was started is stopped, whatever happened between. */
async function run(): Promise<void> {
  const config = loadConfig();
  if (config.databaseUrl === undefined || config.s3 === undefined) {
    await prepareDataDir(config.dataDir);
  }
  const stop = new StopSignals();
  // The application, which is half a second's reading, is loaded while the database comes up.
  const loading = import('./serve.js');
  loading.catch(() => undefined);
  const embedded = config.databaseUrl === undefined ? await EmbeddedPostgres.openOwn(config.dataDir) : null;
  stop.onForce(() => embedded?.abandon());
  try {
    const { serve } = await loading;
    if (!stop.isAsked) {
      await serve(config, config.databaseUrl ?? embedded!.url, stop);
    }
  } finally {
    await embedded?.close();
  }
}

try {
  await run();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof CannotStart;
  process.stderr.write(`Parlance can't start: ${expected ? error.message : String((error as Error).stack)}\n`);
  // Not left to itself: a connection that PostgreSQL asked for a password, and that had none, stays for a minute.
  process.exit(error instanceof ConfigError ? EX_CONFIG : 1);
}
