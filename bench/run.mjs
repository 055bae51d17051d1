/** `npm run bench [-- --write] [PART …]`: what docs/performance.md describes. */
import { loadavg } from 'node:os';
import { WRITE, inWorld } from './in-world.mjs';
import { ASKED_FOR, PARTS } from './parts.mjs';
import { machineFacts, say, targetTable } from './report.mjs';
import { beforeTable, saidOf, throughputTables } from './throughput.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS || 2);
/** What hangs must not hold up the parts after it; but the first that wants all messages waits until they are there. */
const PART_MILLIS = 600_000;
const MILLIS_PER_MESSAGE = 0.06;

const asked = process.argv.slice(2).filter((argument) => argument !== WRITE);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

/** What a run is written down as; some parts alone are not, for they are not of one run with the others. */
const isBeside = Boolean(process.env.BENCH_BEFORE);
const name = isBeside ? 'before' : asked.includes('growth') ? 'growth' : 'bench';
if (process.argv.includes(WRITE) && name === 'bench' && asked.length > 0) {
  console.error('Only a whole run may take the place of the last one in the document.');
  process.exit(2);
}

await inWorld(name, bench);

async function bench(world) {
  const [load] = loadavg();
  await world.open();
  say(`idle: ${world.idleMegabytes.toFixed(0)} MB`);
  const parts = Object.entries(PARTS).filter(
    ([name]) => asked.includes(name) || (asked.length === 0 && !ASKED_FOR.has(name)),
  );
  const results = [];
  for (const [name, measure] of parts) {
    results.push(await resultOf(world, name, measure));
  }
  const { rows } = await world.session.query('SHOW server_version');
  const targets = results.flatMap(({ targets = [] }) => targets);
  const calls = results.flatMap(({ rows = [] }) => rows);
  const lines = results.flatMap(({ lines = [] }) => lines);
  const tables = results.flatMap(({ tables = [] }) => [...tables, '']);
  return [
    machineFacts(rows[0].server_version, SECONDS, load),
    '',
    ...(targets.length > 0 && !isBeside ? [...targetTable(targets), ''] : []),
    ...(calls.length > 0 ? [...(isBeside ? beforeTable(calls) : throughputTables(calls)), ''] : []),
    ...lines,
    '',
    ...tables,
  ].join('\n');
}

/** A part that fails, be it by one wrong answer, has no figures, and fails the run; but the others have theirs. */
async function resultOf(world, name, measure) {
  try {
    const result = await inTime(measure(world, SECONDS), PART_MILLIS + MILLIS_PER_MESSAGE * world.many);
    result.rows?.forEach((row) => say(saidOf(row)));
    result.targets.forEach(({ what, bound, value }) => say(`${what}: ${value} (${bound})`));
    return result;
  } catch (error) {
    if (world.isClosing) {
      throw error;
    }
    console.error(`${name}:`, error);
    process.exitCode = 1;
    return { lines: [`- **${name} failed**: ${String(error.message).split('\n')[0]}`] };
  }
}

async function inTime(measuring, millis) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${millis / 1000} s.`)), millis);
  });
  return Promise.race([measuring, late]).finally(() => clearTimeout(timer));
}
