import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import type { Config } from './config.js';
import { Readiness } from './ops/health/readiness.js';

/** Milliseconds that requests under way have to finish. */
const DRAIN_MS = 15_000;

/**
 * Says "not ready", goes on accepting while the load balancer notices, finishes what is under way, and lets go of the
 * rest.
 */
export async function shutDown(app: NestExpressApplication, { shutdownDelay }: Config): Promise<void> {
  app.get(Readiness).drain();
  await sleep(shutdownDelay * 1000);
  const server: Server = app.getHttpServer();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  // An answer on a kept-alive connection must not invite the next request.
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'));
  try {
    await app.close();
  } finally {
    clearTimeout(late);
  }
}
