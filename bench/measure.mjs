export const CONNECTIONS = 16;
/** Seconds that are not counted. */
export const WARM_UP = 2;
/** How far apart two connections start in what is asked; prime to the number of channels. */
export const STRIDE = 61;

export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const median = (numbers) => percentile(numbers, 0.5);

export function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
