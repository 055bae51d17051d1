import { once } from 'node:events';
import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from './app.js';
import { ClientsService } from './clients/clients.service.js';
import { CannotStart } from './platform/common/cannot-start.js';
import { formatId } from './platform/common/ids/type-id.js';
import type { Config } from './config.js';
import { DatabaseConnector } from './platform/database/database-connector.js';
import { isDevelopment, keepDemoKeys } from './ops/demo/demo-keys.js';
import { shutDown } from './shutdown.js';
import type { StopSignals } from './stop-signals.js';

/** Listens until a signal ends it. @throws CannotStart */
export async function serve(config: Config, databaseUrl: string, stop: StopSignals): Promise<void> {
  const app = await createApp(config, databaseUrl);
  try {
    await listen(app, config);
    await Promise.race([welcome(app, config, stop), stop.asked]);
  } catch (error) {
    await app.close();
    throw error;
  }
  await stop.asked;
  await shutDown(app, config);
}

async function listen(app: NestExpressApplication, { host, port }: Config): Promise<void> {
  await app.init();
  const server: Server = app.getHttpServer();
  try {
    // Not Nest's own, which also logs what is said here.
    await once(server.listen({ port, host }), 'listening');
  } catch (error) {
    throw new CannotStart(`HOST and PORT can't be listened on: ${(error as Error).message}.`);
  }
}

/** Once the database is used; until then it says what it waits for. @throws CannotStart */
async function welcome(app: NestExpressApplication, config: Config, stop: StopSignals): Promise<void> {
  const connection = app.get(DatabaseConnector);
  if (connection.absence !== undefined) {
    process.stdout.write(`Parlance listens, and waits for its database: ${connection.problem}\n`);
  }
  if ((await connection.settled) && !stop.isAsked) {
    await greet(app, config);
  }
}

/** What somebody who has just started it wants to know. */
async function greet(app: NestExpressApplication, config: Config): Promise<void> {
  const { port } = app.getHttpServer().address() as { port: number };
  const base = `http://localhost:${port}`;
  const lines = [`Parlance is ready: ${base}${config.role === 'worker' ? '/health/ready' : '/docs'}`];
  const clients = app.get(ClientsService);
  if (isDevelopment(config) && (await clients.isEmpty())) {
    const { client, secretKey } = await clients.create({
      name: 'Demo',
      domain: 'localhost',
      originPolicy: 'if_present',
    });
    await keepDemoKeys(config.dataDir, { public_key: client.publicKey, secret_key: secretKey });
    lines.push(
      '',
      'A demo client was made for you (domain localhost). Its secret key is shown this once:',
      `  id          ${formatId('client', client.id)}`,
      `  public key  ${client.publicKey}`,
      `  secret key  ${secretKey}`,
      '',
      `Two customers talk at ${base}/demo. By hand:`,
      `  curl ${base}/api/v1/customers -H 'Authorization: Bearer ${secretKey}' -H 'X-Public-Key: ${client.publicKey}' -H 'Content-Type: application/json' -d '{"name":"John Doe","email":"john@example.com"}'`,
      '',
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
