/** `npm run bench:peers [-- --write]`: sends and pages beside other servers, as docs/performance.md describes. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readsOf, sendTo } from '../calls.mjs';
import { inWorld } from '../in-world.mjs';
import { driveHttp } from '../load.mjs';
import { median } from '../measure.mjs';
import { post } from '../post.mjs';
import { atLeast, machineFacts, say, table, targetTable, whole } from '../report.mjs';
import { takeTurns, turnsOf, warmUp } from '../throughput.mjs';
import { directus } from './directus.mjs';
import { parseServer } from './parse-server.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS || 2);
const MESSAGES = 100_000;
const LIMIT = 10;
const IDLE_MILLIS = 3_000;
const CONTENT = 'Shall we meet at the usual place tomorrow?';
const INSTALLED = new URL('node_modules/', import.meta.url);
/** By peer and call, how many times as fast ours is to be at least. */
const TARGETS = { 'parse-server': { send: 2, 'page of ten': 2 }, directus: { send: 1, 'page of ten': 1 } };
const CALLS = [
  { call: 'send', connections: 16 },
  { call: 'send', connections: 64 },
  { call: 'page of ten', connections: 16 },
  { call: 'page of ten', connections: 64 },
  { call: 'page with its total', connections: 16 },
];

if (!existsSync(INSTALLED)) {
  console.error('The peers are not there: npm run setup --prefix bench/peers');
  process.exit(2);
}
await inWorld('peers', measure);

async function measure(world) {
  const [load] = loadavg();
  world.many = MESSAGES;
  await world.open();
  await world.grown();
  const talks = await world.talks();
  const contenders = [{ name: 'Parlance', requests: ownRequests(talks), ...(await started(() => world.restart())) }];
  const failures = [];
  for (const peer of [parseServer, directus]) {
    try {
      contenders.push(await contend(world, peer, talks));
    } catch (error) {
      console.error(`${peer.name}:`, error);
      failures.push(`- **${peer.name} failed**: ${String(error.message).split('\n')[0]}`);
      process.exitCode = 1;
    }
  }
  const rows = [];
  for (const call of CALLS) {
    rows.push(await compare(world, call, contenders));
  }
  const loaded = new Map();
  for (const { name, server } of contenders) {
    loaded.set(name, await server.memory());
  }
  const { rows: versions } = await world.session.query('SHOW server_version');
  return [
    machineFacts(versions[0].server_version, SECONDS, load),
    '',
    ...targetTable(rows.flatMap(targetsOf)),
    '',
    ...callTable(rows, contenders),
    '',
    ...table(
      ['server', 'start, ms', 'idle, MB', 'after the load, MB'],
      contenders.map(({ name, version = '', startMillis, idle }) => [
        ...[`${name} ${version}`.trim(), whole(startMillis), whole(idle), whole(loaded.get(name))],
      ]),
    ),
    '',
    ...failures,
    '',
  ].join('\n');
}

/** With its tables made and filled, started anew: what it was told when it made them is not in its way. */
async function contend(world, peer, talks) {
  await world.session.query(`CREATE DATABASE ${peer.database}`);
  const database = { ...world.database, url: world.database.url.replace(/\/postgres$/, `/${peer.database}`) };
  await peer.prepare?.(database);
  const first = await world.during(peer.start(database));
  await post(first, peer.schema.path, peer.schema.body);
  await first.stop();
  const session = new pg.Client({ connectionString: database.url });
  await session.connect();
  await session.query(peer.fill, [MESSAGES, talks.map(({ channelId }) => channelId)]);
  await session.query(peer.index);
  await session.query('VACUUM (ANALYZE)');
  await session.end();
  const contender = await started(() => world.during(peer.start(database)));
  const requests = requestsOf(peer, talks);
  await check(contender.server, peer, requests);
  say(`${peer.name} is ready`);
  return { name: peer.name, version: await versionOf(peer), requests, ...contender };
}

async function started(start) {
  const began = performance.now();
  const server = await start();
  const startMillis = performance.now() - began;
  await sleep(IDLE_MILLIS);
  return { server, startMillis, idle: await server.memory() };
}

/** Ours always has its total. */
function ownRequests(talks) {
  const pages = readsOf(talks).page.requests;
  return { send: sendTo(talks).requests, 'page of ten': pages, 'page with its total': pages };
}

function requestsOf(peer, talks) {
  const places = talks.map(({ channelId, senderId }) => ({ channel: channelId, sender: senderId }));
  return {
    send: places.map((place) => peer.send({ ...place, type: 'text', content: CONTENT })),
    'page of ten': places.map((place) => peer.page(place, false)),
    'page with its total': places.map((place) => peer.page(place, true)),
  };
}

/** @throws Error where a page is not full, or a message was not kept */
async function check(server, peer, { send: [send], 'page of ten': [page] }) {
  const response = await fetch(server.base + page.path, { headers: server.headers });
  const body = await response.json();
  if (!response.ok || peer.itemsOf(body).length !== LIMIT) {
    throw new Error(`${page.path}: ${JSON.stringify(body)}`);
  }
  await post(server, send.path, JSON.parse(send.body));
}

async function versionOf({ name }) {
  return JSON.parse(await readFile(new URL(`${name}/package.json`, INSTALLED), 'utf8')).version;
}

async function compare(world, { call, connections }, contenders) {
  await world.seed.settle();
  const drives = {};
  for (const { name, server, requests } of contenders) {
    await warmUp(server, call, requests[call]);
    drives[name] = () => driveHttp(server, requests[call], { connections, seconds: SECONDS });
  }
  const turns = await takeTurns(drives, turnsOf(SECONDS));
  const middle = (read) => median(turns.map(read));
  const rates = new Map(contenders.map(({ name }) => [name, middle((turn) => turn[name].perSecond)]));
  const ratios = new Map(
    contenders.slice(1).map(({ name }) => [name, middle((turn) => turn.Parlance.perSecond / turn[name].perSecond)]),
  );
  const p99s = new Map(contenders.map(({ name }) => [name, middle((turn) => turn[name].p99)]));
  say(`${call}, ${connections}: ${[...rates].map(([name, rate]) => `${name} ${rate.toFixed(0)}/s`).join(', ')}`);
  return { call, connections, rates, ratios, p99s };
}

function targetsOf({ call, connections, ratios }) {
  return [...ratios]
    .filter(([name]) => call in TARGETS[name])
    .map(([name, ratio]) => atLeast(`${call}, ${connections} connections, of ${name}`, TARGETS[name][call], ratio, 1));
}

function callTable(rows, contenders) {
  const names = contenders.map(({ name }) => name);
  return table(
    [
      'call',
      'connections',
      ...names.flatMap((name) => [`${name}/s`, 'p99 ms', ...(name === 'Parlance' ? [] : ['ours is times as fast'])]),
    ],
    rows.map(({ call, connections, rates, p99s, ratios }) => [
      ...[call, connections],
      ...names.flatMap((name) => [
        ...[whole(rates.get(name)), p99s.get(name).toFixed(1)],
        ...(ratios.has(name) ? [ratios.get(name).toFixed(1)] : []),
      ]),
    ]),
  );
}
