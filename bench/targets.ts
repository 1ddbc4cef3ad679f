/** What the fast core has to reach: the figures of its issue, printed beside what was measured. */
import type { PresetName } from '../scenarios/index.js';
import { duration } from './support.js';

export type Target =
  | { seconds: number }
  /** CLP's dual simplex on the same seed takes at least so many times as long. */
  | { clp: number };

/** By proven gap and number of threads. */
const TARGETS: Partial<Record<PresetName, Record<string, Target>>> = {
  district: { '1e-3 1': { seconds: 0.03 }, '1e-4 1': { seconds: 0.06 }, '1e-6 1': { seconds: 0.3 } },
  province: { '1e-3 1': { clp: 20 }, '1e-4 1': { clp: 8 }, '1e-6 1': { clp: 1 } },
  'nation-day': { '1e-3 1': { clp: 40 }, '1e-4 1': { clp: 18 }, '1e-4 2': { clp: 30 }, '1e-6 1': { clp: 1 } },
  'nation-week': {
    '1e-3 1': { seconds: 1.8 },
    '1e-3 2': { seconds: 1.2 },
    '1e-4 1': { seconds: 5 },
    '1e-4 2': { seconds: 3.2 },
  },
  'township-fortnight': { '1e-3 2': { seconds: 180 }, '1e-4 2': { seconds: 600 } },
};

/** Largest resident set of the whole process, from scenario to proof. */
export const MEMORY: Partial<Record<PresetName, number>> = { 'nation-week': 500e6, 'township-fortnight': 16e9 };

/** Whole allocations, nation-day to 1e-4 and nation-week to 1e-3. */
export const WHOLE: Record<string, { seconds: number; peak: number }> = {
  'nation-day': { seconds: 2, peak: Infinity },
  'nation-week': { seconds: 9, peak: 2e9 },
};

/** Our network simplex ÷ LEMON's. */
export const LEMON = 1.5;
/** Re-plan ÷ cold, by how many of the busiest routes closed ("From the field" asks for one, the fast core's issue for three). */
export const REPLAN: Record<number, number> = { 1: 1 / 5, 3: 1 / 3 };
/** Districts a second a core, to 1e-3. */
export const FUTURES = 100;
/** Two workers ÷ one, on the same futures. */
export const TWO_WORKERS = 1.9;

/** 1e-3, as one writes it. */
export const power = (gap: number): string => gap.toExponential().replace('e+', 'e');

export function targetOf(preset: PresetName, gap: number, threads: number): Target | undefined {
  return TARGETS[preset]?.[`${power(gap)} ${threads}`];
}

/** Two cells: the target in words, and whether it is reached; `clp` is CLP's time ÷ ours where CLP was there. */
export function verdict(target: Target | undefined, seconds: number, clp: number | null): [string, string] {
  if (!target) return ['', ''];
  if ('seconds' in target) return [duration(target.seconds), mark(seconds <= target.seconds)];
  const words = target.clp === 1 ? 'CLP' : `CLP ÷ ${target.clp}`;
  return [words, clp === null ? 'no CLP' : mark(clp >= target.clp)];
}

export const mark = (reached: boolean): string => (reached ? 'reached' : 'NOT');
