import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import type { Config } from './config.js';
import type { EmbeddedPostgres } from './database/embedded-postgres.js';
import { Readiness } from './health/readiness.js';

/** Milliseconds that requests under way have to finish. */
const DRAIN = 15_000;

/**
 * What to do on SIGTERM or Ctrl-C: say "not ready", go on accepting while the load balancer notices, then finish what is
 * under way, then let go of the database. A second signal changes nothing; npm passes on a Ctrl-C that we got already.
 */
export function shutDown(app: NestExpressApplication, config: Config, embedded: EmbeddedPostgres | null): () => void {
  let stopping = false;
  return () => {
    if (stopping) {
      return;
    }
    stopping = true;
    void stop(app, config, embedded);
  };
}

async function stop(app: NestExpressApplication, config: Config, embedded: EmbeddedPostgres | null): Promise<void> {
  app.get(Readiness).drain();
  await sleep(config.shutdownDelay * 1000);
  const server: Server = app.getHttpServer();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN);
  // An answer on a kept-alive connection must not invite the next request.
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'));
  await app.close();
  clearTimeout(late);
  await embedded?.close();
}
