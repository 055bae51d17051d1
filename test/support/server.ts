import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';

/** The operator's key of every test server. */
export const ADMIN_KEY = 'an-operator-key-that-only-the-tests-know';

export interface TestServer {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The whole application on a port of its own and the tests' database; `env` as in `.env`. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const databaseUrl = env.DATABASE_URL ?? process.env.TEST_DATABASE_URL!;
  const settings = { ROLE: 'web', RATE_LIMIT: 'off', LOG_LEVEL: 'error', DATABASE_POOL: '10', ADMIN_KEY, ...env };
  const app = await createApp(loadConfig(settings), databaseUrl);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, port, url: `http://127.0.0.1:${port}`, stop: () => app.close() };
}

/** A server for the tests beside it: there from the hooks that are written below it, and stopped after them all. */
export function useServer(start: () => Promise<TestServer> = startServer): TestServer {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  const started = (): TestServer => {
    if (!server) {
      throw new Error('Asked for before it was started: ask in a hook or a test.');
    }
    return server;
  };
  return {
    get app() {
      return started().app;
    },
    get url() {
      return started().url;
    },
    get port() {
      return started().port;
    },
    stop: () => started().stop(),
  };
}

/** How many connections a server holds, whatever they are for. */
export function connectionsOf({ app }: TestServer): Promise<number> {
  const http: Server = app.getHttpServer();
  return new Promise((resolve) => http.getConnections((_, count) => resolve(count)));
}
