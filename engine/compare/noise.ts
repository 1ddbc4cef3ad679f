/**
 * What counts as equal. Measures are sums of doubles: two plans that are the same in exact arithmetic may differ in the
 * last digits. A billionth is above that noise (1e-10 for the sum of a million terms) and less than any planner would act on.
 */
export const TOLERANCE = 1e-9;

/** Whether two numbers differ by more than noise, relative to the larger of them. */
export function differs(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) > tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** Order of texts by code unit, the same on every machine and in every language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
