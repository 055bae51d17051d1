import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';

const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const MARKED = /(<!-- bench -->\n)[^]*(<!-- \/bench -->)/;
/** A list may take this many times as long with a hundred times the messages, and a message to a member in a crowd. */
const GROWTH = 1.5;
/** Times as long as forwards that a page may take when it is read backwards. */
const BACKWARDS = 1.5;
const IDLE_MEGABYTES = 200;
/** Of a send's speed, that it would write down an event if anybody listened. */
const UNHEARD = 0.95;
const SOCKET_MEGABYTES = 60;
const FAN_OUT_MILLIS = 100;
/** Times as long as alone that a client may wait beside another's load. */
const NEIGHBOUR = 3;
const CATCH_UP_SECONDS = 3;

const whole = (number) => Math.round(number).toLocaleString('en');
const verdict = (isMet) => (isMet ? 'met' : '**not reached**');

/** What was measured, as markdown. */
export function report({ machine, memory, throughput, sockets, neighbour, lists }) {
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
    ...socketLines(sockets),
    `- A neighbour's page, p50: ${neighbour.alone.toFixed(2)} ms alone, ${neighbour.beside.toFixed(2)} ms while another client has ${neighbour.atOnce} sends under way (${whole(neighbour.perSecond)}/s): ${neighbour.ratio.toFixed(1)} times (≤ ${NEIGHBOUR}: ${verdict(neighbour.ratio <= NEIGHBOUR)}).`,
    '',
    ...table(
      ['list', 'p50 ms, 10 k messages', 'p50 ms, 1 M messages', 'ratio', `≤ ${GROWTH}`],
      [...lists.few].map(([name, few]) => {
        const ratio = lists.many.get(name) / few;
        return [name, few.toFixed(2), lists.many.get(name).toFixed(2), ratio.toFixed(2), verdict(ratio <= GROWTH)];
      }),
    ),
    '',
    ...table(
      ['list, with 1 M messages', 'from the end ÷ from the front', 'before the middle ÷ after it', `≤ ${BACKWARDS}`],
      lists.backwards.map(({ name, fromTheEnd, endingBefore }) => {
        const isMet = Math.max(fromTheEnd, endingBefore) <= BACKWARDS;
        return [name, fromTheEnd.toFixed(2), endingBefore.toFixed(2), verdict(isMet)];
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function socketLines({ unheard, idleSockets, fanOut, crowd, layerSend, catchUp }) {
  return [
    `- Send with nobody listening, plain pg: ${whole(unheard.withEvents)}/s, and ${whole(unheard.withoutEvents)}/s without the parts that write an event: ${unheard.kept.toFixed(3)} (≥ ${UNHEARD}: ${verdict(unheard.kept >= UNHEARD)}).`,
    `- ${whole(idleSockets.count)} idle sockets: ${whole(idleSockets.megabytes)} MB (≤ ${SOCKET_MEGABYTES}: ${verdict(idleSockets.megabytes <= SOCKET_MEGABYTES)}).`,
    `- A message to ${whole(fanOut.subscribers)} subscribers of one channel: p50 ${fanOut.p50.toFixed(0)} ms, p99 ${fanOut.p99.toFixed(0)} ms (≤ ${FAN_OUT_MILLIS}: ${verdict(fanOut.p99 <= FAN_OUT_MILLIS)}).`,
    `- A message to a member while ${whole(crowd.few.count)} customers of the client are listened to: p99 ${crowd.few.p99.toFixed(0)} ms (p50 ${crowd.few.p50.toFixed(0)}); ${whole(crowd.many.count)}: ${crowd.many.p99.toFixed(0)} ms (${crowd.many.p50.toFixed(0)}): ${crowd.ratio.toFixed(2)} times (≤ ${GROWTH}: ${verdict(crowd.ratio <= GROWTH)}).`,
    `- A send through Layer’s WebSocket: ${whole(layerSend.layer)}/s, and ${whole(layerSend.core)}/s through the core’s API: ${layerSend.ratio.toFixed(2)}.`,
    `- ${whole(catchUp.clients)} Layer clients back after a restart, who missed ${whole(catchUp.told)} changes: all have caught up after ${(catchUp.millis / 1000).toFixed(1)} s (≤ ${CATCH_UP_SECONDS}: ${verdict(catchUp.millis <= CATCH_UP_SECONDS * 1000)}).`,
  ];
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
