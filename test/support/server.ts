import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { refuseSharedWork, SETTINGS, SHARED_DATABASE_URL } from './settings.js';

/** Where a server listens. */
export interface ServerAddress {
  readonly url: string;
  readonly port: number;
}

/** One that runs in the process of its tests. */
export interface TestServer extends ServerAddress {
  readonly app: NestExpressApplication;
  stop(): Promise<void>;
}

/** The whole application on a port of its own and the tests' database; `env` as in `.env`. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  // Not at the top: it takes seconds, and who uses the shared server needs none of it.
  const { createApp } = await import('../../src/app.js');
  const { loadConfig } = await import('../../src/config.js');
  const settings = { ...SETTINGS, DATABASE_URL: process.env.TEST_DATABASE_URL!, ...env };
  refuseSharedWork(settings);
  const app = await createApp(loadConfig({ ...SETTINGS, ...env }), settings.DATABASE_URL);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, port, url: `http://127.0.0.1:${port}`, stop: () => app.close() };
}

const SHARED_PORT = Number(process.env.TEST_SERVER_PORT);
const SHARED: ServerAddress = {
  get url() {
    return `http://127.0.0.1:${SHARED.port}`;
  },
  get port() {
    if (process.env.TEST_DATABASE_URL !== SHARED_DATABASE_URL) {
      throw new Error('The shared server does not know a database of this file’s own: useServer(startServer).');
    }
    return SHARED_PORT;
  },
};

/** The server that test files share, for tests that need nothing but its address. */
export function useServer(): ServerAddress;
/** A server for the tests beside it: there from the hooks that are written below it, and stopped after them all. */
export function useServer(start: () => Promise<TestServer>): TestServer;
export function useServer(start?: () => Promise<TestServer>): ServerAddress {
  return start || !SHARED_PORT ? useOwn(start ?? startServer) : SHARED;
}

function useOwn(start: () => Promise<TestServer>): TestServer {
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
