import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';

const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const MARKED = /(<!-- bench -->\n)[^]*(<!-- \/bench -->)/;
/** A list may take this many times as long with a hundred times the messages. */
const GROWTH = 1.5;
const IDLE_MEGABYTES = 200;

const whole = (number) => Math.round(number).toLocaleString('en');
const verdict = (isMet) => (isMet ? 'met' : '**not reached**');

/** What was measured, as markdown. */
export function report({ machine, memory, throughput, lists }) {
  const lines = [
    machine,
    '',
    `Idle memory: ${whole(memory.idle)} MB (at most ${IDLE_MEGABYTES}: ${verdict(memory.idle <= IDLE_MEGABYTES)}); after the load ${whole(memory.loaded)} MB.`,
    '',
    ...table(
      ['call, with 1 M messages', 'requests/s', 'p50 ms', 'p99 ms', 'plain pg/s', 'ratio', 'target'],
      throughput.map(({ name, target, perSecond, p50, p99, plain }) => [
        name,
        ...[whole(perSecond), p50.toFixed(2), p99.toFixed(2), whole(plain), (perSecond / plain).toFixed(2)],
        target === undefined ? '' : `≥ ${target}: ${verdict(perSecond / plain >= target)}`,
      ]),
    ),
    '',
    ...table(
      ['list', 'p50 ms, 10 k messages', 'p50 ms, 1 M messages', 'ratio', `≤ ${GROWTH}`],
      [...lists.few].map(([name, few]) => {
        const ratio = lists.many.get(name) / few;
        return [name, few.toFixed(2), lists.many.get(name).toFixed(2), ratio.toFixed(2), verdict(ratio <= GROWTH)];
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The facts without which a figure says nothing; `load` is the machine's before this began. */
export function machineFacts(postgres, seconds, load) {
  const cpus = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus.length} cores (${cpus[0].model.trim()}), ${gigabytes} GB, Node ${process.versions.node}, PostgreSQL ${postgres}; ${seconds} s a measurement; load average before ${load.toFixed(1)}.`;
}

/** Puts the report between the marks of docs/performance.md. */
export async function writeInto(markdown) {
  const text = await readFile(DOCUMENT, 'utf8');
  if (!MARKED.test(text)) {
    throw new Error(`${DOCUMENT} has no <!-- bench --> … <!-- /bench -->.`);
  }
  const changed = text.replace(MARKED, (_, open, close) => `${open}\n${markdown}\n${close}`);
  await writeFile(DOCUMENT, await prettier.format(changed, { parser: 'markdown' }));
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)];
}
