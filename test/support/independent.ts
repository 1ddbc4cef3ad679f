/**
 * MODEL.md a second time, as an LP in the plainest form: variables in units of the resource, no bounds but those that
 * are stated, doubles throughout, solved by HiGHS from text. It shares no line with engine/, so that both may judge
 * each other.
 */
import { createRequire } from 'node:module';
import type { Highs } from 'highs';
import type { Scenario, Stage } from '../../engine/types.js';

// the package's types say nothing of its CommonJS entry, which is the same loader
const load = createRequire(import.meta.url)('highs') as (options: object) => Promise<Highs>;
let highs: Promise<Highs> | undefined;

/** Variable → coefficient. */
type Terms = Map<string, number>;

interface Program {
  rows: { terms: Terms; most: number }[];
  /** Maximand of a stage: terms plus a constant. */
  maximands: Terms[];
  constants: number[];
  /** Σ of the floors in points: shortfall = total − what is met of them. */
  floorTotal: number;
  /** Pairs with need: Σ_t m and Σ_t n. */
  pairs: { region: string; resource: string; met: Terms; total: number }[];
}

/**
 * The best possible value of stage `s` (as stated: shortfall and cost are minimised) over all plans, whole lots or
 * not, that reach the values `reached[r]` on the stages before it.
 */
export async function bestValue(scenario: Scenario, stages: Stage[], s: number, reached: number[]): Promise<number> {
  const program = formulate(scenario, stages);
  const sign = (r: number) => (minimised(stages[r]!) ? -1 : 1);
  const hold = (slack: number) =>
    program.maximands.slice(0, s).map((terms, r) => {
      const least = floored(program, stages, r, reached) - program.constants[r]!;
      return { terms: scaled(terms, -1), most: slack * Math.max(Math.abs(least), program.floorTotal) - least };
    });
  // doubles may miss by the last digits what whole lots reach exactly
  const best =
    (await maximise(program.maximands[s]!, [...program.rows, ...hold(0)])) ??
    (await maximise(program.maximands[s]!, [...program.rows, ...hold(1e-11)]));
  if (best === null) throw new Error(`${scenario.id}: no plan does what was reached before stage ${s}`);
  return stages[s]!.stage === 'floor' ? program.floorTotal - best : sign(s) * (best + program.constants[s]!) || 0;
}

const minimised = ({ stage }: Stage): boolean => stage === 'cost' || stage === 'stay';

/** The maximand behind what is stated. */
function floored({ floorTotal }: Program, stages: Stage[], r: number, reached: number[]): number {
  if (stages[r]!.stage === 'floor') return floorTotal - reached[r]!;
  return minimised(stages[r]!) ? -reached[r]! : reached[r]!;
}

/** Coverage by pair, in the order of regions and resources; pairs without need are left out. */
export type Coverages = { region: string; resource: string; ratio: number }[];

/**
 * Leximin coverage by the textbook loop: raise the smallest, ask each pair on it whether it alone could have more, fix those that
 * cannot, repeat.
 */
export async function textbookLeximin(scenario: Scenario): Promise<Coverages> {
  const { rows, pairs } = formulate(scenario, []);
  const fixed = pairs.map(() => Number.NaN);
  const kept = (least: number): Program['rows'] =>
    pairs.map(({ met, total }, n) => ({
      terms: scaled(met, -1 / total),
      most: -Math.max(0, (Number.isNaN(fixed[n]!) ? least : fixed[n]!) - 1e-10),
    }));
  while (fixed.some(Number.isNaN)) {
    const z = pairs.flatMap(({ met, total }, n) =>
      Number.isNaN(fixed[n]!) ? [{ terms: new Map([['z', 1], ...scaled(met, -1 / total)]), most: 0 }] : [],
    );
    const smallest = (await maximise(new Map([['z', 1]]), [...rows, ...kept(0), ...z]))!;
    const open = fixed.flatMap((f, n) => (Number.isNaN(f) ? [n] : []));
    let most = -1;
    const tops: number[] = [];
    for (const n of open) {
      const { met, total } = pairs[n]!;
      tops[n] = (await maximise(scaled(met, 1 / total), [...rows, ...kept(smallest)]))!;
      if (tops[n]! <= smallest + 1e-7) fixed[n] = smallest;
      else most = Math.max(most, tops[n]!);
    }
    if (open.every((n) => Number.isNaN(fixed[n]!)))
      throw new Error(`${scenario.id}: nobody stays at ${smallest} of ${most}`);
  }
  return pairs.map(({ region, resource }, n) => ({ region, resource, ratio: fixed[n]! }));
}

/**
 * Leximin coverage by definition: for every order of the pairs, the plans in which coverage rises along it, first of which are the ones with
 * the most for the first, then for the second, and so on; the best of all orders. Sorted.
 */
export async function bruteLeximin(scenario: Scenario): Promise<number[]> {
  const { rows, pairs } = formulate(scenario, []);
  const share = (n: number, by: number) => scaled(pairs[n]!.met, by / pairs[n]!.total);
  let best: number[] = [];
  for (const order of permutations(pairs.map((_, n) => n))) {
    const rising = order
      .slice(1)
      .map((n, i) => ({ terms: new Map([...share(order[i]!, 1), ...share(n, -1)]), most: 0 }));
    const held: Program['rows'] = [];
    const found: number[] = [];
    for (const n of order) {
      const most = (await maximise(share(n, 1), [...rows, ...rising, ...held]))!;
      found.push(most);
      held.push({ terms: share(n, -1), most: -Math.max(0, most - 1e-9) });
    }
    const at = found.findIndex((c, i) => Math.abs(c - (best[i] ?? -1)) > 1e-7);
    if (at >= 0 && found[at]! > (best[at] ?? -1)) best = found;
  }
  return best;
}

function permutations(list: number[]): number[][] {
  if (list.length < 2) return [list];
  return list.flatMap((first, i) => permutations(list.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

/** The most that pair n can have over all plans in which the pairs of `keep` get at least the coverage in `has`. */
export async function mostFor(scenario: Scenario, n: number, keep: number[], has: Coverages): Promise<number> {
  const { rows, pairs } = formulate(scenario, []);
  const kept = keep.map((p) => ({ terms: scaled(pairs[p]!.met, -1 / pairs[p]!.total), most: 1e-10 - has[p]!.ratio }));
  return (await maximise(scaled(pairs[n]!.met, 1 / pairs[n]!.total), [...rows, ...kept]))!;
}

/** The least that transport can cost where every pair gets at least the coverage in `has`. */
export async function leastCost(scenario: Scenario, has: Coverages): Promise<number> {
  const { rows, pairs, maximands } = formulate(scenario, [{ stage: 'cost' }]);
  const kept = pairs.map(({ met, total }, n) => ({ terms: scaled(met, -1 / total), most: 1e-10 - has[n]!.ratio }));
  return -(await maximise(maximands[0]!, [...rows, ...kept]))!;
}

/**
 * The most (or with `way` −1 the least) people-periods that are met of one region, or of all, by plans that reach `reached` on every stage.
 */
export async function extremePeople(
  scenario: Scenario,
  stages: Stage[],
  reached: number[],
  region: string | null,
  way: 1 | -1,
): Promise<number> {
  const program = formulate(scenario, stages);
  const T = scenario.periods.count;
  const people: Terms = new Map();
  scenario.regions.forEach((r, j) => {
    if (region !== null && r.id !== region) return;
    scenario.resources.forEach((resource, k) => {
      for (let t = 0; t < T; t++)
        // what is handed out of a durable serves from then on
        add(
          people,
          `u_${j}_${t}_${k}`,
          way * (resource.peoplePerUnit ?? 1) * (resource.kind === 'durable' ? T - t : 1),
        );
    });
  });
  for (const slack of [0, 1e-11, 1e-10]) {
    const held = program.maximands.map((terms, r) => {
      const least = floored(program, stages, r, reached) - program.constants[r]!;
      return { terms: scaled(terms, -1), most: slack * Math.max(Math.abs(least), program.floorTotal) - least };
    });
    const best = await maximise(people, [...program.rows, ...held]);
    if (best !== null) return way * best;
  }
  throw new Error(`${scenario.id}: no plan does what was reached`);
}

/** Rows and maximands straight from the "Exact definitions" of MODEL.md. */
function formulate(scenario: Scenario, stages: Stage[]): Program {
  const T = scenario.periods.count;
  const periods = Array.from({ length: T }, (_, t) => t);
  const first = scenario.after?.period ?? 0;
  const { resources, depots, regions, routes } = scenario;
  const hubs = scenario.hubs ?? [];
  const rows: Program['rows'] = [];
  const row = (most: number): Terms => {
    const terms: Terms = new Map();
    rows.push({ terms, most });
    return terms;
  };

  // goods at every site and period: out + used + kept ≤ in + kept before + own
  const balance = new Map<string, Terms>();
  for (const site of [...depots, ...hubs, ...regions])
    for (const t of periods)
      for (const r of resources) {
        balance.set(`${site.id}|${t}|${r.id}`, row(appearing(scenario, site.id, t, r.id)));
      }
  const at = (site: string, t: number, resource: string) => balance.get(`${site}|${t}|${resource}`)!;

  const keeping = [
    ...depots.map((d) => ({ id: d.id, tonnes: Infinity })),
    ...[...hubs, ...regions].map((h) => ({ id: h.id, tonnes: h.storageTonnes ?? 0 })),
  ];
  keeping.forEach(({ id, tonnes }, n) => {
    if (tonnes === 0) return;
    for (let t = first; t + 1 < T; t++) {
      const space = tonnes < Infinity ? row(tonnes * 1000) : undefined;
      resources.forEach((r, k) => {
        const kept = `s_${n}_${t}_${k}`;
        add(at(id, t, r.id), kept, 1);
        add(at(id, t + 1, r.id), kept, -1);
        if (space) add(space, kept, r.weightKg);
      });
    }
  });

  const cost: Terms = new Map();
  const staying = stages.some(({ stage }) => stage === 'stay') && (scenario.after?.planned ?? []).length > 0;
  const moved: Terms = new Map();
  /** Tonnes planned that can still be sent. */
  let kept = 0;
  const handled = new Map<string, Terms>();
  for (const site of [...depots, ...hubs])
    if (site.handlingTonnes !== undefined)
      for (const t of periods) handled.set(`${site.id}|${t}`, row(inPeriod(site.handlingTonnes, t) * 1000));
  const driven = new Map<string, Terms>();
  for (const fleet of scenario.fleets ?? [])
    for (const t of periods) {
      const { tonneKm, vehicles = 0, payloadTonnes = 0, kmPerPeriod = 0 } = fleet;
      const size = tonneKm !== undefined ? inPeriod(tonneKm, t) : inPeriod(vehicles, t) * payloadTonnes * kmPerPeriod;
      driven.set(`${fleet.mode}|${t}`, row(size));
    }
  routes.forEach((route, n) => {
    const lead = route.leadPeriods ?? 0;
    for (let t = first; t + lead < T; t++) {
      if (route.closed?.includes(t)) continue;
      const carried = route.capacityTonnes === undefined ? undefined : row(route.capacityTonnes * 1000);
      resources.forEach((r, k) => {
        const shipped = `x_${n}_${t}_${k}`;
        add(at(route.from, t, r.id), shipped, 1);
        add(at(route.to, t + lead, r.id), shipped, -1);
        if (carried) add(carried, shipped, r.weightKg);
        const handling = handled.get(`${route.from}|${t}`);
        if (handling) add(handling, shipped, r.weightKg);
        const fleet = driven.get(`${route.mode}|${t}`);
        if (fleet) add(fleet, shipped, ((route.km ?? 0) * r.weightKg) / 1000);
        add(cost, shipped, ((route.costPerTonne ?? 0) * r.weightKg) / 1000);
        // what was planned for this departure, and how far the plan is from it: |x − p| ≤ d
        if (!staying) return;
        const p = plannedFor(scenario, route, t, r.id);
        const apart = `d_${n}_${t}_${k}`;
        rows.push({
          terms: new Map([
            [shipped, 1],
            [apart, -1],
          ]),
          most: p,
        });
        if (p > 0)
          rows.push({
            terms: new Map([
              [shipped, -1],
              [apart, -1],
            ]),
            most: -p,
          });
        add(moved, apart, r.weightKg / 1000);
        kept += (p * r.weightKg) / 1000;
      });
    }
  });
  if (scenario.budget) rows.push({ terms: cost, most: scenario.budget.amount - spentIn(scenario) });

  const maximands: Terms[] = stages.map(() => new Map());
  const weights = new Map(resources.map((r) => [r.id, r.weightKg / 1000]));
  const planned = (scenario.after?.planned ?? []).reduce((sum, p) => sum + p.quantity * weights.get(p.resource)!, 0);
  const constants = stages.map(({ stage }) => (stage === 'stay' ? kept - planned : 0));
  const pairs: Program['pairs'] = [];
  let floorTotal = 0;
  const smallest = stages.some((s) => s.stage === 'maxmin');
  if (smallest) row(1).set('z', 1);
  regions.forEach((region, j) => {
    resources.forEach((r, k) => {
      const weight = (region.priority ?? 1) * (r.importance ?? 1) * (r.peoplePerUnit ?? 1);
      const stated = region.demand[r.id] ?? 0;
      const due = periods.map((t) =>
        typeof stated === 'object' ? stated[t]! : r.kind === 'consumable' || t === 0 ? stated : 0,
      );
      const needed = due.map((d, t) => (r.kind === 'durable' ? due.slice(0, t + 1).reduce((sum, x) => sum + x, 0) : d));
      const total = needed.reduce((sum, n) => sum + n, 0);
      const metOverHorizon: Terms = new Map();
      needed.forEach((n, t) => {
        add(at(region.id, t, r.id), `u_${j}_${t}_${k}`, 1);
        // m_jkt: what is handed out in t, or up to and including t
        const handedOut = r.kind === 'durable' ? periods.slice(0, t + 1) : [t];
        const met: Terms = new Map(handedOut.map((p) => [`u_${j}_${p}_${k}`, 1]));
        rows.push({ terms: met, most: n });
        for (const [name, value] of met) add(metOverHorizon, name, value);
        stages.forEach((stage, s) => {
          if (stage.stage !== 'need' || n === 0) return;
          // the bands of coverage, together no more than what is met
          const filled = scaled(met, -1);
          bandsOf(stage).forEach(({ width, slope }, b) => {
            const name = `b_${s}_${j}_${t}_${k}_${b}`;
            row(width * n).set(name, 1);
            filled.set(name, 1);
            add(maximands[s]!, name, weight * slope);
          });
          rows.push({ terms: filled, most: 0 });
        });
      });
      const floor = (region.floor ?? 0) * total;
      floorTotal += weight * floor;
      if (floor > 0) {
        const name = `f_${j}_${k}`;
        row(floor).set(name, 1);
        rows.push({ terms: new Map([[name, 1], ...scaled(metOverHorizon, -1)]), most: 0 });
        stages.forEach((stage, s) => {
          if (stage.stage === 'floor') add(maximands[s]!, name, weight);
        });
      }
      if (total > 0) pairs.push({ region: region.id, resource: r.id, met: metOverHorizon, total });
      if (smallest && total > 0)
        rows.push({ terms: new Map([['z', 1], ...scaled(metOverHorizon, -1 / total)]), most: 0 });
    });
  });
  stages.forEach((stage, s) => {
    if (stage.stage === 'maxmin') add(maximands[s]!, 'z', 1);
    if (stage.stage === 'stay') for (const [name, value] of moved) add(maximands[s]!, name, -value);
    const price = stage.stage === 'cost' ? 1 : stage.stage === 'need' ? (stage.costWeight ?? 0) : 0;
    for (const [name, value] of cost) add(maximands[s]!, name, -price * value);
  });
  return { rows, maximands, constants, floorTotal, pairs };
}

const inPeriod = (value: number | number[], t: number): number => (typeof value === 'object' ? value[t]! : value);

/** Units that a site has in period t, beside what is shipped there from the first open period on. */
function appearing(scenario: Scenario, site: string, t: number, resource: string): number {
  const after = scenario.after ?? { period: 0 };
  const depot = scenario.depots.find((d) => d.id === site);
  const region = scenario.regions.find((r) => r.id === site);
  const sum = <X>(list: readonly X[] | undefined, of: (x: X) => number) => (list ?? []).reduce((s, x) => s + of(x), 0);
  const came = (from: number, to: number) =>
    sum(after.shipped, ({ arrived, arrive, ...s }) => {
      const at = arrived ?? arrive;
      return s.to === site && s.resource === resource && at >= from && at <= to ? (s.delivered ?? s.quantity) : 0;
    });
  const used = (from: number, to: number) =>
    sum(after.used, (u) =>
      u.region === site && u.resource === resource && u.period >= from && u.period <= to ? u.quantity : 0,
    );
  if (region && !((region.storageTonnes ?? 0) > 0)) return came(t, t);
  if (t < after.period) return used(t, t);
  const from = t === after.period ? 0 : t;
  const own =
    (from === 0 ? (depot?.stock?.[resource] ?? 0) : 0) +
    sum(depot?.arrivals, (a) => (a.resource === resource && a.period >= from && a.period <= t ? a.quantity : 0));
  const left =
    from === 0 ? sum(after.shipped, (s) => (s.from === site && s.resource === resource ? s.quantity : 0)) : 0;
  const gone = from === 0 ? used(0, after.period - 1) : 0;
  return own + came(from, t) - left - gone;
}

/** Money for what had left before. */
function spentIn({ after, routes, resources }: Scenario): number {
  return (after?.shipped ?? []).reduce((sum, s) => {
    const ways = routes.filter((r) => r.from === s.from && r.to === s.to && r.mode === s.mode);
    const way = ways.find((r) => !r.closed?.includes(s.depart)) ?? ways[0]!;
    const { weightKg } = resources.find((r) => r.id === s.resource)!;
    return sum + ((way.costPerTonne ?? 0) * s.quantity * weightKg) / 1000;
  }, 0);
}

/** Units planned for a departure. */
function plannedFor(scenario: Scenario, route: Scenario['routes'][number], t: number, resource: string): number {
  return (scenario.after?.planned ?? []).reduce(
    (sum, p) =>
      p.from === route.from && p.to === route.to && p.mode === route.mode && p.depart === t && p.resource === resource
        ? sum + p.quantity
        : sum,
    0,
  );
}

/** Width in coverage and worth of each band. */
function bandsOf(stage: Extract<Stage, { stage: 'need' }>): { width: number; slope: number }[] {
  const { bands = 10, alpha = 2 } = stage;
  if (typeof bands === 'object')
    return bands.map((b, i) => ({ width: b.upTo - (i > 0 ? bands[i - 1]!.upTo : 0), slope: b.value }));
  return Array.from({ length: bands }, (_, b) => ({
    width: 1 / bands,
    slope: Number((((b + 0.5) / bands) ** -alpha).toFixed(9)),
  }));
}

/** The largest value of `objective` over the rows, all variables at least zero; null where the rows exclude each other. */
async function maximise(objective: Terms, rows: Program['rows']): Promise<number | null> {
  const largest = (terms: Terms) => Math.max(0, ...[...terms.values()].map(Math.abs));
  const steepest = largest(objective);
  if (steepest === 0) return 0;
  const text = (terms: Terms, by: number) =>
    [...terms]
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${value < 0 ? '-' : '+'} ${Math.abs(value / by)} ${name}`)
      .join('\n');
  const lines = ['Maximize', ` obj: ${text(objective, steepest)}`, 'Subject To'];
  rows.forEach(({ terms, most }, i) => {
    const by = largest(terms);
    if (by > 0 && most < Infinity) lines.push(` r${i}: ${text(terms, by)} <= ${most / by}`);
  });
  lines.push('End', '');
  highs ??= load({ print: () => {}, printErr: () => {} });
  const solution = (await highs).solve(lines.join('\n'), {
    output_flag: false,
    primal_feasibility_tolerance: 1e-9,
    dual_feasibility_tolerance: 1e-9,
  });
  if (solution.Status === 'Infeasible') return null;
  if (solution.Status !== 'Optimal') throw new Error(`the second formulation ended ${solution.Status}`);
  return solution.ObjectiveValue * steepest;
}

function add(terms: Terms, name: string, value: number): void {
  if (value !== 0) terms.set(name, (terms.get(name) ?? 0) + value);
}

function scaled(terms: Terms, by: number): Terms {
  return new Map([...terms].map(([name, value]) => [name, value * by]));
}
