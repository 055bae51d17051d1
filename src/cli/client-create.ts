import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CreateClientDto } from '../clients/client.dto.js';
import { presentCreatedClient } from '../clients/client.presenter.js';
import { ClientsModule } from '../clients/clients.module.js';
import { ClientsService } from '../clients/clients.service.js';
import { Refusal } from '../common/errors/refusal.js';
import { InputPipe } from '../common/fields/input.pipe.js';
import { loadConfig } from '../config.js';
import { DatabaseModule, type DatabaseSettings } from '../database/database.module.js';
import { Database } from '../database/database.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';

const USAGE =
  'Usage: npm run -s client:create -- --name NAME --domain DOMAIN [--subdomain LABEL …] [--ip ADDRESS …] [--live] [--json]';

class WrongUsage extends Error {}

type CreatedClient = ReturnType<typeof presentCreatedClient>;

async function run(): Promise<void> {
  const { json, ...fields } = readArguments();
  // The admin API's own rules, before anything is started.
  const input = new InputPipe().transform(fields, { type: 'body', metatype: CreateClientDto }) as CreateClientDto;
  const client = await withDatabase((database) => createClient(input, database));
  process.stdout.write(json ? inJson(client) : inWords(client));
}

/** @throws WrongUsage */
function readArguments(): Record<string, unknown> & { readonly json: boolean } {
  const { values } = parse();
  const { name, domain, subdomain, ip, live, json } = values;
  if (name === undefined || domain === undefined) {
    throw new WrongUsage(`--${name === undefined ? 'name' : 'domain'} is missing.`);
  }
  return { name, domain, allowed_subdomains: subdomain, allowed_ips: ip, livemode: live, json };
}

function parse() {
  try {
    return parseArgs({
      options: {
        name: { type: 'string' },
        domain: { type: 'string' },
        subdomain: { type: 'string', multiple: true, default: [] },
        ip: { type: 'string', multiple: true, default: [] },
        live: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n');
    throw new WrongUsage(`${problem.replace(/\.$/, '')}.`);
  }
}

/** The database of the server, whether it runs or not. */
async function withDatabase<T>(work: (database: DatabaseSettings) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir, migrate } = loadConfig();
  if (databaseUrl !== undefined) {
    return work({ url: databaseUrl, poolSize: 2, migrate });
  }
  const postgres = await EmbeddedPostgres.open(dataDir);
  try {
    return await work({ url: postgres.url, poolSize: 2, migrate });
  } finally {
    await postgres.close();
  }
}

async function createClient(input: CreateClientDto, database: DatabaseSettings): Promise<CreatedClient> {
  const complaints: string[] = [];
  const context = await NestFactory.createApplicationContext(
    { module: class ClientCreate {}, imports: [DatabaseModule.connect(database), ClientsModule.with(undefined)] },
    { logger: collectingIn(complaints), abortOnError: false },
  );
  try {
    if (!(await context.get(Database).isUp())) {
      throw new Error(`The database at ${new URL(database.url).host} can not be used. ${complaints.join(' ')}`.trim());
    }
    return presentCreatedClient(await context.get(ClientsService, { strict: false }).create(input));
  } finally {
    await context.close();
  }
}

/** Standard output is for the keys alone; what went wrong on the way is told only where it ended badly. */
function collectingIn(complaints: string[]): LoggerService {
  const keep = (message: unknown): void => void complaints.push(String(message));
  return { log: () => undefined, warn: keep, error: keep };
}

function inJson({ id, public_key, secret_key, domain, livemode }: CreatedClient): string {
  return `${JSON.stringify({ id, public_key, secret_key, domain, livemode })}\n`;
}

function inWords({ id, name, domain, public_key, secret_key, livemode }: CreatedClient): string {
  return [
    `Created the ${livemode ? 'live' : 'test'} client "${name}" of ${domain}.`,
    `  id          ${id}`,
    `  public key  ${public_key}`,
    `  secret key  ${secret_key}`,
    'The secret key is shown this once: keep it now.\n',
  ].join('\n');
}

/** Every field's message where there are any. */
function linesOf(error: unknown): string[] {
  if (error instanceof Refusal && error.details.errors) {
    return Object.values(error.details.errors).flat();
  }
  return [error instanceof Error ? error.message : String(error)];
}

try {
  await run();
} catch (error) {
  const wrongUsage = error instanceof WrongUsage;
  process.stderr.write(wrongUsage ? `${error.message} ${USAGE}\n` : `${linesOf(error).join('\n')}\n`);
  process.exitCode = wrongUsage ? 2 : 1;
}
