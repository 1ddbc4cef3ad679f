/** Routes whose figures differ between periods: one route for each set of figures, closed when another is open. */
import { sameJson } from '../digest.js';
import type { Scenario } from '../schema.js';
import type { RouteEffect } from './effects.js';

export type Route = Scenario['routes'][number];
/** A route as it is in the periods in which it is open. */
export type Figures = Omit<Route, 'closed'>;

/** The figures of a route in each period, null where it is closed; `twins` have the same ends and mode. */
export function byPeriod(twins: readonly Route[], count: number): (Figures | null)[] {
  const closed = twins.map((twin) => new Set(twin.closed));
  return Array.from({ length: count }, (_, t) => {
    const open = twins.findIndex((_, n) => !closed[n]!.has(t));
    return open < 0 ? null : figures(twins[open]!);
  });
}

function figures({ closed: _, ...rest }: Route): Figures {
  return rest;
}

/**
 * The routes that stand in the place of `twins` once the effects hold. The first keeps the figures of the route as first
 * written, even where it is closed for good: closed periods open with them. Then the others by the period in which they open.
 * What comes out depends on the figures of each period and those of the first alone, so the order of amendments leaves no trace.
 */
export function amendedRoutes(twins: readonly Route[], effects: readonly RouteEffect[], count: number): Route[] {
  let base = figures(twins[0]!);
  const states = byPeriod(twins, count);
  const stated = effects.filter((e) => e.figure !== 'closed');
  for (const { figure, value, periods } of stated) if (periods.length === count) base = { ...base, [figure]: value };
  const closures = effects.filter((e) => e.figure === 'closed');
  for (const { value, periods } of closures) if (!value) for (const t of periods) states[t] ??= base;
  for (const { figure, value, periods } of stated)
    for (const t of periods) if (states[t]) states[t] = { ...states[t], [figure]: value };
  for (const { value, periods } of closures) if (value) for (const t of periods) states[t] = null;
  return split(base, states);
}

function split(base: Figures, states: readonly (Figures | null)[]): Route[] {
  const variants: { figures: Figures; open: Set<number> }[] = [{ figures: base, open: new Set() }];
  states.forEach((state, t) => {
    if (!state) return;
    const same = variants.find((v) => sameFigures(v.figures, state));
    if (same) same.open.add(t);
    else variants.push({ figures: plain(state), open: new Set([t]) });
  });
  return variants.map(({ figures, open }) => {
    const closed = states.flatMap((_, t) => (open.has(t) ? [] : [t]));
    return closed.length > 0 ? { ...figures, closed } : figures;
  });
}

/** Without a lead that is the default, so that the same figures are written the same. */
function plain(figures: Figures): Figures {
  if (figures.leadPeriods !== 0) return figures;
  const { leadPeriods: _, ...rest } = figures;
  return rest;
}

const sameFigures = (a: Figures, b: Figures): boolean => sameJson(plain(a), plain(b));
