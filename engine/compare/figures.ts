/** Figures that may differ from period to period, as one thing to compare. */
import { atPeriod, type CompleteRoute, type CompleteScenario, type PerPeriod } from '../../scenarios/index.js';
import type { ComparisonSaid, Value } from './said.js';

/** Routes with the same ends and mode, each open in some periods, are one way. */
export interface Way {
  name: string;
  said: ComparisonSaid;
  /** One number where it is the same in all periods, else which is when; when the way is closed the number before stands. */
  figure(of: (route: CompleteRoute) => number | null): Value;
  closed: number[];
}

export function ways({ routes, periods: { count } }: CompleteScenario): Way[] {
  const groups = new Map<string, CompleteRoute[]>();
  for (const route of routes) {
    const name = `${route.from} → ${route.to} by ${route.mode}`;
    const group = groups.get(name);
    if (group) group.push(route);
    else groups.set(name, [route]);
  }
  return [...groups].map(([name, group]) => {
    const [only] = group;
    const { from, to, mode } = only!;
    const said: ComparisonSaid = { say: 'way', from, to, mode };
    if (group.length === 1) return { name, said, figure: (of) => of(only!), closed: only!.closed };
    const open = Array.from({ length: count }, (_, t) => group.find((r) => !r.closed.includes(t)));
    return {
      ...{ name, said },
      figure(of) {
        let last = open.find((r) => r !== undefined) ?? only!;
        return runs(
          open.map((r) => {
            last = r ?? last;
            return of(last);
          }),
        );
      },
      closed: open.flatMap((r, t) => (r ? [] : [t])),
    };
  });
}

/** A figure that may differ from period to period. */
export const byPeriod = (value: PerPeriod | null): Value =>
  value === null || typeof value === 'number' ? value : runs(value);

/** "12 in 0–1, 5 in 2": one number where it is always the same. */
function runs(list: readonly (number | null)[]): Value {
  if (list.every((x) => x === list[0])) return list[0] ?? null;
  const spans: ComparisonSaid[] = [];
  for (let from = 0; from < list.length; ) {
    let to = from;
    while (list[to + 1] === list[from]) to++;
    const periods = Array.from({ length: to - from + 1 }, (_, n) => from + n);
    spans.push({ say: 'span', after: list[from] ?? null, periods });
    from = to + 1;
  }
  const during: ComparisonSaid = { say: 'during', list: spans };
  return during;
}

export function product(factors: readonly PerPeriod[]): PerPeriod {
  const lists = factors.filter((f) => typeof f === 'object');
  const at = (t: number) => factors.reduce<number>((x, f) => x * atPeriod(f, t), 1);
  return lists.length === 0 ? at(0) : lists[0]!.map((_, t) => at(t));
}
