import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';

const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

/** To whoever waits. */
export function say(what) {
  console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${what}`);
}

export const whole = (number) => Math.round(number).toLocaleString('en');
export const verdict = (isMet) => (isMet ? 'met' : '**not reached**');

/** What was asked for, what was measured, and whether that is enough. */
export const atLeast = (what, least, value, digits = 2) => ({
  what,
  bound: `≥ ${least}`,
  value: value.toFixed(digits),
  isMet: value >= least,
});
export const atMost = (what, most, value, digits = 2) => ({
  what,
  bound: `≤ ${most}`,
  value: value.toFixed(digits),
  isMet: value <= most,
});

export function targetTable(targets) {
  return table(
    ['target', 'asked', 'measured', ''],
    targets.map(({ what, bound, value, isMet }) => [what, bound, value, verdict(isMet)]),
  );
}

/** The facts without which a figure says nothing; `load` is the machine's before this began. */
export function machineFacts(postgres, seconds, load) {
  const cpus = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus.length} cores (${cpus[0].model.trim()}), ${gigabytes} GB, Node ${process.versions.node}, PostgreSQL ${postgres}; ${seconds} s a measurement; load average before ${load.toFixed(1)}.`;
}

/** Puts the report between the marks of this name in docs/performance.md. */
export async function writeInto(name, markdown) {
  const text = await readFile(DOCUMENT, 'utf8');
  const marked = new RegExp(`(<!-- ${name} -->\\n)[^]*(<!-- /${name} -->)`);
  if (!marked.test(text)) {
    throw new Error(`${DOCUMENT} has no <!-- ${name} --> … <!-- /${name} -->.`);
  }
  const changed = text.replace(marked, (_, open, close) => `${open}\n${markdown}\n${close}`);
  const options = await prettier.resolveConfig(DOCUMENT);
  await writeFile(DOCUMENT, await prettier.format(changed, { ...options, parser: 'markdown' }));
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)];
}
