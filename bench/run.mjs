/** `npm run bench [-- --write]`: what docs/performance.md describes. */
import { mkdir, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { parseId } from '../dist/src/platform/common/ids/type-id.js';
import { EmbeddedPostgres } from '../dist/src/platform/database/embedded-postgres.js';
import { callsOf } from './calls.mjs';
import { measureCatchUp } from './catch-up.mjs';
import { measureCrowd } from './crowd.mjs';
import { measureLayerSend } from './layer.mjs';
import { listsOf, measureBackwards, measureLists } from './lists.mjs';
import { checkHttp, driveHttp } from './load.mjs';
import { mean } from './measure.mjs';
import { measureNeighbour } from './neighbour.mjs';
import { checkPlain, drivePlain } from './plain.mjs';
import { machineFacts, report, writeInto } from './report.mjs';
import { Seed } from './seed.mjs';
import { createClient, startServer } from './server.mjs';
import { measureFanOut, measureIdleSockets } from './sockets.mjs';
import { measureUnheard } from './unheard.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS || 8);
/** Of each list, five times; a thousand and more in a run of the usual length. */
const PER_ROUND = Math.min(250, 32 * SECONDS);
const FEW = 10_000;
const MANY = 1_000_000;
/** HTTP and plain pg take turns, so that what drifts on the machine hits both alike. */
const TURNS = 2;
const IDLE_MILLIS = 3_000;

/** What is to be undone, the newest first. */
const undo = [];

let cleaning;

/** One step after the other, however many ask: a signal, and then the run that fails because of it. */
function cleanUp() {
  return (cleaning ??= (async () => {
    while (undo.length > 0) {
      await undo
        .pop()()
        .catch((error) => console.error(`Cleaning up: ${error.message}`));
    }
  })());
}

/** What was still starting when a signal came is stopped as well; what failed to start has nothing to stop. */
const afterwards = (starting, stop) => starting.then(stop, () => undefined);

function say(what) {
  console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${what}`);
}

/** A PostgreSQL of its own on the disk of this clone, as durable as PostgreSQL is by default. */
async function openDatabase() {
  const dataDir = fileURLToPath(new URL(`../.data/bench-${process.pid}`, import.meta.url));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  await mkdir(dataDir, { recursive: true });
  const opening = EmbeddedPostgres.open(dataDir);
  undo.push(() => afterwards(opening, (postgres) => postgres.close()));
  const postgres = await opening;
  const session = new pg.Client({ connectionString: postgres.url });
  await session.connect();
  undo.push(() => session.end());
  return { dataDir, url: postgres.url, session };
}

async function measureThroughput(server, database, seed) {
  const rows = [];
  for (const call of await callsOf(database.session, seed.clientId)) {
    await seed.settle();
    await checkHttp(server, call);
    await checkPlain(database.session, call);
    const http = [];
    const plain = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      plain.push(await drivePlain(database.url, call, SECONDS));
      http.push(await driveHttp(server, call.requests, SECONDS));
    }
    const over = (figure) => mean(http.map((result) => result[figure]));
    const row = { perSecond: over('perSecond'), p50: over('p50'), p99: over('p99'), plain: mean(plain) };
    say(`${call.name}: ${row.perSecond.toFixed(0)}/s, plain ${row.plain.toFixed(0)}/s`);
    rows.push({ name: call.name, target: call.target, ...row });
  }
  return rows;
}

async function bench() {
  const [load] = loadavg();
  const database = await openDatabase();
  const client = await createClient(database.url, database.dataDir);
  const clientId = parseId('client', client.id);
  const seed = new Seed(database.session, clientId);
  await seed.makeChannels();
  await seed.growTo(FEW);
  say(`${FEW} messages`);

  const starting = startServer(database.url, client, { cwd: database.dataDir });
  undo.push(() => afterwards(starting, (server) => server.stop()));
  const server = await starting;
  await sleep(IDLE_MILLIS);
  const idle = await server.memory();
  say(`idle: ${idle.toFixed(0)} MB`);

  const lists = await listsOf(database.session, clientId);
  const few = await measureLists(server, lists, PER_ROUND);
  say('lists measured');
  await seed.growTo(MANY);
  say(`${MANY} messages`);
  const many = await measureLists(server, lists, PER_ROUND);
  const backwards = await measureBackwards(server, lists, PER_ROUND);
  say('lists measured');

  const throughput = await measureThroughput(server, database, seed);
  const [send] = await callsOf(database.session, seed.clientId);
  const unheard = await measureUnheard(database.url, send);
  say(`send without events: ${unheard.withoutEvents.toFixed(0)}/s, with: ${unheard.withEvents.toFixed(0)}/s`);
  const idleSockets = await measureIdleSockets(server, client.public_key);
  say(`${idleSockets.count} idle sockets: ${idleSockets.megabytes.toFixed(0)} MB`);
  const fanOut = await measureFanOut(server, client.public_key, send);
  say(`fan-out: p99 ${fanOut.p99.toFixed(0)} ms`);
  const layerSend = await measureLayerSend(server, database.session, send);
  say(`send through Layer: ${layerSend.layer.toFixed(0)}/s, the core: ${layerSend.core.toFixed(0)}/s`);
  const other = await createClient(database.url, database.dataDir);
  const neighbour = await measureNeighbour(server, send, other, SECONDS);
  say(`a neighbour: ${neighbour.alone.toFixed(2)} ms alone, ${neighbour.beside.toFixed(2)} ms beside a load`);
  const host = await createClient(database.url, database.dataDir);
  const crowd = await measureCrowd(server, database.session, host, parseId('client', host.id));
  say(
    `a crowd: p99 ${crowd.few.p99.toFixed(0)} ms with ${crowd.few.count}, ${crowd.many.p99.toFixed(0)} ms with ${crowd.many.count}`,
  );
  const memory = { idle, loaded: await server.memory() };
  const restart = async () => {
    await server.stop();
    const again = startServer(database.url, client, { cwd: database.dataDir });
    undo.push(() => afterwards(again, (one) => one.stop()));
    return again;
  };
  const catchUp = await measureCatchUp(server, database.session, send, restart);
  say(`${catchUp.clients} clients caught up within ${(catchUp.millis / 1000).toFixed(1)} s`);
  const { rows } = await database.session.query('SHOW server_version');
  return report({
    machine: machineFacts(rows[0].server_version, SECONDS, load),
    memory,
    throughput,
    sockets: { unheard, idleSockets, fanOut, crowd, layerSend, catchUp },
    neighbour,
    lists: { few, many, backwards },
  });
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  // A terminal and npm both pass on a Ctrl-C: the second must not end what the first began.
  process.on(signal, () => {
    if (!interrupted) {
      interrupted = true;
      void cleanUp().finally(() => process.exit(130));
    }
  });
}
try {
  const markdown = await bench();
  console.log(markdown);
  if (process.argv.includes('--write')) {
    await writeInto(markdown);
  }
} catch (error) {
  if (!interrupted) {
    console.error(error);
  }
  process.exitCode = 1;
} finally {
  await cleanUp();
}
