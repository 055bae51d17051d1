import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from './app.js';
import { ClientsService } from './clients/clients.service.js';
import { ConfigError, loadConfig, type Config } from './config.js';
import { AlreadyRunning, EmbeddedPostgres } from './database/embedded-postgres.js';
import { shutDown } from './shutdown.js';

/** sysexits.h: a configuration that can't be used. */
const EX_CONFIG = 78;

async function main(): Promise<void> {
  const config = loadConfig();
  const embedded = config.databaseUrl === undefined ? await EmbeddedPostgres.open(config.dataDir) : null;
  await embedded?.own();
  const app = await createApp(config, config.databaseUrl ?? embedded!.url);
  const stop = shutDown(app, config, embedded);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    await (config.host === undefined ? app.listen(config.port) : app.listen(config.port, config.host));
  } catch (error) {
    await app.close();
    await embedded?.close();
    throw error;
  }
  await greet(app, config, embedded !== null);
}

/** What somebody who has just started it wants to know. */
async function greet(app: NestExpressApplication, config: Config, isPrivate: boolean): Promise<void> {
  const { port } = app.getHttpServer().address() as { port: number };
  const base = `http://localhost:${port}`;
  const lines = [`Parlance is ready: ${base}/docs`];
  const clients = app.get(ClientsService);
  if (isPrivate && !config.production && (await clients.isEmpty())) {
    const { client, secretKey } = await clients.create({ name: 'Demo', domain: 'localhost' });
    lines.push(
      '',
      'A demo client was made for you (domain localhost). Its secret key is shown this once:',
      `  public key  ${client.publicKey}`,
      `  secret key  ${secretKey}`,
      '',
      'Try it:',
      `  curl ${base}/api/v1/customers -H 'Authorization: Bearer ${secretKey}' -H 'X-Public-Key: ${client.publicKey}' -H 'Content-Type: application/json' -d '{"name":"John Doe","email":"john@example.com"}'`,
      '',
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
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
