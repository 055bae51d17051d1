import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import type { NestContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Connections } from '../../src/notify/realtime/connections.js';
import { refuseSharedWork, SETTINGS, SHARED_DATABASE_URL } from './settings.js';

/** Where a server listens. */
export interface ServerAddress {
  readonly url: string;
  readonly port: number;
}

/** One that runs in the process of its tests. */
export interface TestServer extends ServerAddress {
  readonly app: Omit<NestExpressApplication, 'get' | 'resolve' | 'select'>;
  /** What it works with, by the name of its class: the application as built has classes of its own. */
  get<T>(name: string): T;
  /** As `get`, where several parts have one of their own. */
  all<T>(name: string): T[];
  stop(): Promise<void>;
}

/** The whole application on a port of its own and the tests' database; `env` as in `.env`. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const { createApp, loadConfig } = await load();
  const settings = { ...SETTINGS, DATABASE_URL: process.env.TEST_DATABASE_URL!, ...env };
  refuseSharedWork(settings);
  const app = await createApp(loadConfig({ ...SETTINGS, ...env }), settings.DATABASE_URL);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return {
    ...{ app, port, url: `http://127.0.0.1:${port}`, stop: () => app.close() },
    all: (name) => instancesOf(app, name),
    get: (name) => theOnly(name, instancesOf(app, name)),
  };
}

type Application = typeof import('../../src/app.js') & typeof import('../../src/config.js');

/** As built; under coverage, as Jest loads it: see environment.mjs. */
async function load(): Promise<Application> {
  const { loadBuilt } = globalThis as { loadBuilt?: () => Promise<Application> };
  return loadBuilt ? loadBuilt() : { ...(await import('../../src/app.js')), ...(await import('../../src/config.js')) };
}

function instancesOf<T>(app: NestExpressApplication, name: string): T[] {
  const { container } = app as unknown as { container: NestContainer };
  const found = new Set<unknown>();
  for (const { providers } of container.getModules().values()) {
    for (const [token, { instance }] of providers) {
      if (typeof token === 'function' && token.name === name) {
        found.add(instance);
      }
    }
  }
  return [...found] as T[];
}

function theOnly<T>(name: string, [one, ...others]: T[]): T {
  if (one === undefined || others.length > 0) {
    throw new Error(`The application has ${others.length ? 'several' : 'none'} of ${name}.`);
  }
  return one;
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
    get: (name) => started().get(name),
    all: (name) => started().all(name),
    stop: () => started().stop(),
  };
}

/** As `instanceof`, of the application's own classes. */
export function isA<T extends object>(thing: object, name: string): thing is T {
  const made: object | null = Object.getPrototypeOf(thing) as object | null;
  return made !== null && (made.constructor.name === name || isA(made, name));
}

/** The sockets that a server holds. By what they can: those of providers are connections, too. */
export function socketsOf(server: Pick<TestServer, 'all'>): Connections {
  return server.all<Connections>('Connections').find((one) => 'sweep' in one)!;
}

/** How many connections a server holds, whatever they are for. */
export function connectionsOf({ app }: TestServer): Promise<number> {
  const http: Server = app.getHttpServer();
  return new Promise((resolve) => http.getConnections((_, count) => resolve(count)));
}
