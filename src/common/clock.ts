/** The one place that asks the machine for the time. */
export function now(): Date {
  return new Date();
}

/** Milliseconds that only rise, to measure how long something takes: no correction of the clock moves them. */
export function ticks(): number {
  return performance.now();
}

/** Unix seconds, the way every object shows a moment. */
export function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

/** Microseconds since the start of the process: they only rise, whatever somebody does to the machine's clock. */
export function monotonic(): number {
  return Math.floor(performance.now() * 1000);
}
