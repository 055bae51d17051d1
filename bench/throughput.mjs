import { checkHttp, driveHttp } from './load.mjs';
import { median } from './measure.mjs';
import { checkPlain, drivePlain } from './plain.mjs';
import { atLeast, table, whole } from './report.mjs';

/** The first requests of a process are slow, whatever they ask: so many are not counted, and fewer of each other kind. */
const FIRST = 10_000;
const FIRST_OF_KIND = 4_000;
const FIRST_SECONDS = 15;
/** The kinds that each server has had. */
const warm = new WeakMap();
/** The middle one counts; a quick look has one. What drifts on the machine hits all that take turns alike. */
export const turnsOf = (seconds) => (seconds < 2 ? 1 : 3);

/**
 * A call over HTTP and, in turns, what it is held against: its own statement, the reference statement (both from plain pg,
 * from as many connections), and the reference statement behind a bare Nest application.
 * @param targets by what it is held against, the least share
 * @param besides other drives, by name
 */
export async function measureCall(world, name, call, { connections, seconds, targets = {}, besides = () => ({}) }) {
  const [bare, before] = [await world.bare(), world.before];
  const { server, database, session } = world;
  await world.seed.settle();
  await checkHttp(server, { name, ...call });
  await checkPlain(session, name, call);
  await checkPlain(session, name, call.reference);
  const options = { connections, seconds };
  const http = (to, requests) => () => driveHttp(to, requests, options);
  const drives = {
    reference: () => drivePlain(database, call.reference, options),
    own: () => drivePlain(database, call, options),
    bare: http(bare, call.bare),
    ...(before && { before: http(before, call.requests) }),
    ...besides(http),
    parlance: http(server, call.requests),
  };
  await warmUp(server, name, call.requests);
  await warmUp(bare, name, call.bare);
  await warmUp(before, name, call.requests);
  // What nothing depends on is worth one.
  const turns = await takeTurns(drives, Object.keys(targets).length === 0 ? 1 : turnsOf(seconds));
  return rowOf(name, connections, turns, targets);
}

export async function warmUp(server, name, requests) {
  if (server === undefined || warm.get(server)?.has(name)) {
    return;
  }
  let left = warm.has(server) ? FIRST_OF_KIND : FIRST;
  warm.set(server, (warm.get(server) ?? new Set()).add(name));
  for (let second = 0; left > 0 && second < FIRST_SECONDS; second += 1) {
    left -= (await driveHttp(server, requests, { warmUp: 0, seconds: 1 })).perSecond;
  }
}

/** Every other turn the other way round. */
export async function takeTurns(drives, count) {
  const turns = [];
  for (let turn = 0; turn < count; turn += 1) {
    const order = Object.entries(drives);
    const results = {};
    for (const [name, drive] of turn % 2 === 0 ? order : order.reverse()) {
      results[name] = await drive();
    }
    turns.push(results);
  }
  return turns;
}

function rowOf(name, connections, turns, targets) {
  const middle = (read) => median(turns.map(read));
  const ratio = (other) => middle((turn) => turn.parlance.perSecond / turn[other].perSecond);
  const others = Object.keys(turns[0]).filter((other) => other !== 'parlance');
  const row = {
    name,
    connections,
    rate: (driver) => middle((turn) => turn[driver].perSecond),
    figure: (key) => middle((turn) => turn.parlance[key]),
    micros: (driver, of) => middle((turn) => turn[driver].micros[of]),
    ratios: Object.fromEntries(others.map((other) => [other, ratio(other)])),
  };
  const targetOf = ([of, least]) =>
    atLeast(`${name}, ${connections} connections, of ${NAMES[of]}`, least, row.ratios[of]);
  return { ...row, targets: Object.entries(targets).map(targetOf) };
}

const NAMES = {
  own: 'its own statement',
  reference: 'reference pg',
  bare: 'bare Nest',
  before: 'before',
  keyless: 'the same without a key',
};

/** In one line, for whoever waits. */
export function saidOf({ name, connections, rate, ratios }) {
  const held = Object.entries(ratios).map(([of, ratio]) => `${ratio.toFixed(2)} of ${NAMES[of]}`);
  return `${name}, ${connections} connections: ${rate('parlance').toFixed(0)}/s, ${held.join(', ')}`;
}

/** Beside the server of another checkout: nothing but the two. */
export function beforeTable(rows) {
  const cpu = ({ micros }, of) => [whole(micros('before', of)), whole(micros('parlance', of))];
  return table(
    [
      ...['call', 'connections', 'before/s', 'now/s', 'ratio'],
      ...['Node µs before', 'now', 'PostgreSQL µs before', 'now'],
    ],
    rows.map((row) => [
      ...[row.name, row.connections, whole(row.rate('before')), whole(row.rate('parlance'))],
      ...[row.ratios.before.toFixed(2), ...cpu(row, 'node'), ...cpu(row, 'postgres')],
    ]),
  );
}

export function throughputTables(rows) {
  const against = ['own', 'reference', 'bare'];
  const extras = ['before', 'keyless'].filter((extra) => rows.some(({ ratios }) => extra in ratios));
  const all = [...against, ...extras];
  const ratesOf = ({ rate, ratios }) =>
    all.flatMap((of) => (of in ratios ? [whole(rate(of)), ratios[of].toFixed(2)] : ['', '']));
  const microsOf = ({ micros }) => [
    ...['parlance', 'bare', 'reference'].map((driver) => whole(micros(driver, 'node'))),
    ...['parlance', 'own', 'reference'].map((driver) => whole(micros(driver, 'postgres'))),
  ];
  return [
    ...table(
      ['call', 'connections', 'requests/s', 'p50 ms', 'p99 ms', ...all.flatMap((of) => [`${NAMES[of]}/s`, 'ratio'])],
      rows.map((row) => [
        ...[row.name, row.connections, whole(row.rate('parlance'))],
        ...[row.figure('p50').toFixed(2), row.figure('p99').toFixed(2), ...ratesOf(row)],
      ]),
    ),
    '',
    'CPU for one request, in microseconds:',
    '',
    ...table(
      [
        ...['call', 'connections', 'Node', 'bare Nest’s Node', 'plain pg’s Node'],
        ...['PostgreSQL', 'its own statement', 'reference'],
      ],
      rows.map((row) => [row.name, row.connections, ...microsOf(row)]),
    ),
  ];
}
