/** The database's time less `ticks()`, in milliseconds; undefined before it was first asked. */
let ahead: number | undefined;

/**
 * The database's time, which is one for all processes: what expires by its clock expires by this, whatever the machine's
 * clock says. Before it was first asked, the machine's.
 */
export function now(): Date {
  return new Date(ahead === undefined ? Date.now() : ahead + ticks());
}

/** The database said `time` at some moment between `asked` and `answered`, in ticks: as much is corrected as that proves. */
export function learnTime(time: number, asked: number, answered: number): void {
  const [least, most] = [time - answered, time - asked];
  ahead = Math.min(Math.max(ahead ?? (least + most) / 2, least), most);
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
