/** Figures that may be one number for every period or a list with one a period. */

export type PerPeriod = number | readonly number[];

export const atPeriod = (value: PerPeriod, t: number): number => (typeof value === 'number' ? value : value[t]!);

/** The same figure with each of its numbers changed. */
export function mapPeriods<V extends number | number[]>(value: V, change: (x: number) => number): number | number[] {
  return typeof value === 'number' ? change(value) : value.map(change);
}
