import { mkdir, readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { parseId } from '../dist/src/platform/common/ids/type-id.js';
import { EmbeddedPostgres } from '../dist/src/platform/database/embedded-postgres.js';
import { talksOf } from './calls.mjs';
import { cpuOfPostgres } from './cpu.mjs';
import { makeThreads } from './phones.mjs';
import { post } from './post.mjs';
import { COPY_ROWS, MAKE_SCHEMA } from './reference/statements.mjs';
import { Seed } from './seed.mjs';
import { ADMIN_KEY, createClient, headersOf, startBare, startServer } from './server.mjs';

const FEW = 10_000;
const MANY = Number(process.env.BENCH_MANY || 1_000_000);
const TENANTS = 20;
const IDLE_MILLIS = 3_000;
/** A run has more servers beside each other than a default PostgreSQL has places for; how durable it is stays as it is. */
const POSTGRES_SETTINGS = ['max_connections=200'];

/** What is measured, and the yardsticks beside it: made when first asked for, and undone at the end. */
export class World {
  #undo = [];
  #cleaning;
  #made = new Map();

  few = FEW;
  many = MANY;

  get isClosing() {
    return this.#cleaning !== undefined;
  }

  /** One step after the other, however many ask: a signal, and then the run that fails because of it. */
  close() {
    return (this.#cleaning ??= (async () => {
      while (this.#undo.length > 0) {
        await this.#undo
          .pop()()
          .catch((error) => console.error(`Cleaning up: ${error.message}`));
      }
    })());
  }

  /** A tenant with ten thousand messages, and the server that has been idle for a while. */
  async open() {
    this.database = await this.openDatabase();
    this.before = await this.#startBefore();
    this.client = await this.createClient();
    if (this.before) {
      this.before.headers = headersOf(this.client);
    }
    this.seed = new Seed(this.session, this.client.clientId);
    await this.seed.makeChannels();
    await this.seed.growTo(FEW);
    this.server = await this.during(startServer(this.database, this.client));
    await sleep(IDLE_MILLIS);
    this.idleMegabytes = await this.server.memory();
  }

  /** A PostgreSQL of its own on the disk of this clone, as durable as PostgreSQL is by default. */
  async openDatabase() {
    const dataDir = fileURLToPath(new URL(`../.data/bench-${process.pid}`, import.meta.url));
    this.#undo.push(() => rm(dataDir, { recursive: true, force: true }));
    await mkdir(dataDir, { recursive: true });
    const { url } = await this.during(EmbeddedPostgres.open(dataDir, POSTGRES_SETTINGS), 'close');
    this.session = new pg.Client({ connectionString: url });
    await this.session.connect();
    this.#undo.push(() => this.session.end());
    const [pid] = (await readFile(`${dataDir}/postgres/postmaster.pid`, 'utf8')).split('\n');
    return { dataDir, url, cpu: cpuOfPostgres(Number(pid)) };
  }

  /** What is still starting when a signal comes is stopped as well; what failed to start has nothing to stop. */
  during(starting, stop = 'stop') {
    this.#undo.push(() =>
      starting.then(
        (one) => one[stop](),
        () => undefined,
      ),
    );
    return starting;
  }

  async createClient() {
    const client = await createClient(this.database);
    return { ...client, clientId: parseId('client', client.id) };
  }

  /** The server anew, in the place of the one that it stops. */
  async restart() {
    await this.server.stop();
    this.server = await this.during(startServer(this.database, this.client));
    return this.server;
  }

  /** Another in its place, set otherwise and asked by `client`, for `work`; what that leaves to be delivered is not. */
  async instead(settings, client, work) {
    await this.server.stop();
    this.server = await this.during(startServer(this.database, client, { settings }));
    try {
      return await work();
    } finally {
      // Whoever still delivers has some of them.
      await this.server.stop();
      await this.session.query('DELETE FROM delivery_jobs');
      await this.session.query('DELETE FROM search_jobs');
      await this.restart();
    }
  }

  /** A client that has numbers of the simulator, and threads with phones. */
  async texter({ numbers, phones }) {
    const client = await this.createClient();
    return { client, threads: await makeThreads(this.session, client.clientId, { numbers, phones }) };
  }

  /** The tenant with all its messages. */
  grown() {
    return this.#once('grown', () => this.seed.growTo(this.many));
  }

  /** Who may say what where, of the one tenant. */
  talks() {
    return this.#once('talks', () => talksOf(this.session, this.client.clientId));
  }

  /** Nineteen more of its size, without messages: each channel of one tenant beside one of every other. */
  twenty() {
    return this.#once('twenty', async () => {
      const operator = { base: this.server.base, headers: { authorization: `Bearer ${ADMIN_KEY}` } };
      const all = [await this.talks()];
      this.clients = [this.client];
      while (this.clients.length < TENANTS) {
        const made = await post(operator, '/admin/v1/clients', { name: 'Bench', domain: 'localhost' });
        const client = { ...made, clientId: parseId('client', made.id) };
        await new Seed(this.session, client.clientId).makeChannels();
        const headers = headersOf(client);
        all.push((await talksOf(this.session, client.clientId)).map((talk) => ({ ...talk, headers })));
        this.clients.push(client);
      }
      return all[0].flatMap((_, at) => all.map((talks) => talks[at]));
    });
  }

  /** The reference tables, with all that the product's have, and the bare application on them. */
  bare() {
    return this.#once('bare', async () => {
      await this.grown();
      await this.twenty();
      await this.session.query(MAKE_SCHEMA);
      await this.session.query(COPY_ROWS);
      await this.seed.settle();
      return this.during(startBare(this.database, this.clients));
    });
  }

  /**
   * The server of another checkout, built, on the same database: what a change brought. It is there before this release
   * migrates: it would not start on a newer schema, but goes on with it.
   */
  async #startBefore() {
    const { BENCH_BEFORE } = process.env;
    if (!BENCH_BEFORE) {
      return undefined;
    }
    const root = resolve(BENCH_BEFORE);
    return this.during(startServer(this.database, await createClient(this.database, root), { root }));
  }

  #once(name, make) {
    if (!this.#made.has(name)) {
      this.#made.set(name, make());
    }
    return this.#made.get(name);
  }
}
