import { setTimeout as sleep } from 'node:timers/promises';

export const CONNECTIONS = 16;
/** Seconds that are not counted, once all are connected. */
export const WARM_UP = 0.5;
/** How far apart two connections start in what is asked; prime to the number of channels. */
export const STRIDE = 61;

export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const median = (numbers) => percentile(numbers, 0.5);

/**
 * Counts what `work` notes, by when it began, between the warm-up and the end; `note` says whether to go on. `cpus` are
 * readers of microseconds used so far: what each rose by, for one of what was counted.
 */
export async function timed({ seconds, warmUp = WARM_UP, cpus = {} }, work) {
  const from = performance.now() + warmUp * 1000;
  const end = from + seconds * 1000;
  const latencies = [];
  const note = (began) => {
    const now = performance.now();
    if (now >= from && now < end) {
      latencies.push(now - began);
    }
    return now < end;
  };
  const [micros] = await Promise.all([used(cpus, from, end), work(note)]);
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    micros: Object.fromEntries(Object.entries(micros).map(([name, all]) => [name, all / latencies.length])),
  };
}

async function used(cpus, from, end) {
  const read = () => Object.entries(cpus).map(([name, microsOf]) => [name, microsOf()]);
  await sleep(from - performance.now());
  const before = new Map(read());
  await sleep(end - performance.now());
  return Object.fromEntries(read().map(([name, micros]) => [name, micros - before.get(name)]));
}
