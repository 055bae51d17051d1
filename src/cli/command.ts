import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { INestApplicationContext, LoggerService, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Refusal } from '../platform/common/errors/refusal.js';
import { loadConfig } from '../config.js';
import { ConfigModule } from '../config.module.js';
import { dataModel } from '../data-model.js';
import { DatabaseModule, type DatabaseSettings } from '../platform/database/database.module.js';
import { Database } from '../platform/database/database.js';
import { EmbeddedPostgres } from '../platform/database/embedded-postgres.js';

/** It was called with arguments that it can't be called with. */
export class WrongUsage extends Error {}

/** Runs a command; what goes wrong is told in a line or two, and in the exit code. */
export async function runCommand(usage: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const wrongUsage = error instanceof WrongUsage;
    process.stderr.write(wrongUsage ? `${error.message} Usage: ${usage}\n` : `${linesOf(error).join('\n')}\n`);
    // As the start does.
    process.exit(wrongUsage ? 2 : 1);
  }
}

/** @throws WrongUsage */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n');
    throw new WrongUsage(`${problem.replace(/\.$/, '')}.`);
  }
}

/** @throws WrongUsage on the first that is not given */
export function required<Name extends string>(
  values: Readonly<Partial<Record<Name, string>>>,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> {
  const missing = names.find((name) => values[name] === undefined);
  if (missing !== undefined) {
    throw new WrongUsage(`--${missing} is missing.`);
  }
  return values as Readonly<Record<Name, string>>;
}

/** Does the work with these modules, on the database of the server, whether that runs or not. */
export async function withModules<T>(
  imports: NonNullable<ModuleMetadata['imports']>,
  work: (context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const config = loadConfig();
  const settings = ConfigModule.with(config);
  return withDatabase((urls) =>
    inContext({ ...urls, poolSize: 2, migrate: config.migrate, model: dataModel }, [settings, ...imports], work),
  );
}

/** Does the work on the database of the server, whether that runs or not. */
export async function withDatabase<T>(
  work: (urls: { readonly url: string; readonly directUrl: string }) => Promise<T>,
): Promise<T> {
  const { databaseUrl: url, databaseDirectUrl: directUrl, dataDir } = loadConfig();
  if (url !== undefined) {
    return work({ url, directUrl: directUrl ?? url });
  }
  const postgres = await EmbeddedPostgres.open(dataDir);
  try {
    return await work({ url: postgres.url, directUrl: postgres.url });
  } finally {
    await postgres.close();
  }
}

async function inContext<T>(
  database: DatabaseSettings,
  imports: NonNullable<ModuleMetadata['imports']>,
  work: (context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const complaints: string[] = [];
  const context = await NestFactory.createApplicationContext(
    { module: class Command {}, imports: [DatabaseModule.connect(database), ...imports] },
    { logger: collectingIn(complaints), abortOnError: false },
  );
  try {
    if (!(await context.get(Database).isUp())) {
      throw new Error(`The database at ${new URL(database.url).host} can not be used. ${complaints.join(' ')}`.trim());
    }
    return await work(context);
  } finally {
    await context.close();
  }
}

/** Standard output is for the result alone; what went wrong on the way is told only where it ended badly. */
function collectingIn(complaints: string[]): LoggerService {
  const keep = (message: unknown): void => void complaints.push(String(message));
  return { log: () => undefined, warn: keep, error: keep };
}

/** Every field's message where there are any. */
function linesOf(error: unknown): string[] {
  if (error instanceof Refusal && error.details.errors) {
    return Object.values(error.details.errors).flat();
  }
  return [error instanceof Error ? error.message : String(error)];
}
