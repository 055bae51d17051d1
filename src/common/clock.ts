/** The one place that asks the machine for the time. */
export function now(): Date {
  return new Date();
}

/** Unix seconds, the way every object shows a moment. */
export function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}
