import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from './app.js';
import { ClientsService } from './clients/clients.service.js';
import { formatId } from './common/ids/type-id.js';
import type { Config } from './config.js';
import type { EmbeddedPostgres } from './database/embedded-postgres.js';
import { shutDown } from './shutdown.js';

/** Listens until a signal ends it. @param embedded the private PostgreSQL, where there is one */
export async function serve(config: Config, embedded: EmbeddedPostgres | null): Promise<void> {
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
  const lines = [`Parlance is ready: ${base}${config.role === 'worker' ? '/health/ready' : '/docs'}`];
  const clients = app.get(ClientsService);
  if (isPrivate && !config.production && (await clients.isEmpty())) {
    const { client, secretKey } = await clients.create({
      name: 'Demo',
      domain: 'localhost',
      originPolicy: 'if_present',
    });
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
