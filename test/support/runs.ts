/** Fewer random runs by default. */

/**
 * Of so many random scenarios or draws that a law is put to in full, how many it is put to now: two in five, and all of them with
 * RANDOM_RUNS=all. The first are always the same, so that what fails once fails again.
 */
export const runs = (full: number): number => (process.env.RANDOM_RUNS === 'all' ? full : Math.ceil(0.4 * full));
