/** Whether a process that does the same all the time holds more and more memory. */

/** Megabytes, each in the lower quartile of its third: what is held soon after a collection, not what waits for the next one. */
export interface Growth {
  second: number;
  last: number;
  grew: boolean;
}

/** Megabytes by which the last third may be above the second. */
const allowed = 8;
/** Minutes from which on it can be told: a server warms up for three. */
export const enough = 10;

/** `samples` in megabytes, evenly spaced over so many minutes. */
export function growthOf(samples: readonly number[], minutes: number): Growth {
  const third = Math.floor(samples.length / 3);
  const [second, last] = [lowerQuartile(samples.slice(third, 2 * third)), lowerQuartile(samples.slice(2 * third))];
  return { second, last, grew: minutes >= enough && last - second > allowed };
}

function lowerQuartile(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? 0;
}
