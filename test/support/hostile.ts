/** Scenarios that break solvers: degenerate, empty, flat and steep ones, as edits of one of the reference family. */
import type { Scenario } from '../../scenarios/index.js';
import { bent, fewerGoods, rounded } from './direct.js';

/** Edits of a scenario of the reference family, each a case that breaks solvers, by name. */
export const hostile: [string, (s: Scenario) => void][] = [
  [
    'no supply',
    (s) => {
      for (const depot of s.depots) Object.assign(depot, { stock: {}, arrivals: [] });
    },
  ],
  [
    'a region and a good that nothing reaches',
    (s) => {
      s.routes = s.routes.filter((r) => r.to !== s.regions[0]!.id);
      const lost = s.resources[0]!.id;
      for (const depot of s.depots) {
        delete depot.stock?.[lost];
        depot.arrivals = (depot.arrivals ?? []).filter((a) => a.resource !== lost);
      }
    },
  ],
  ['no route at all', (s) => Object.assign(s, { routes: [], fleets: [] })],
  [
    'no route is ever open',
    (s) => {
      for (const route of s.routes) route.closed = Array.from({ length: s.periods.count }, (_, t) => t);
    },
  ],
  [
    'one depot for all',
    (s) => {
      const only = s.depots[0]!;
      s.depots = [only];
      const seen = new Set<string>();
      s.routes = s.routes.filter((r) => !seen.has(r.to) && seen.add(r.to)).map((r) => ({ ...r, from: only.id }));
      s.fleets = (s.fleets ?? []).filter((f) => s.routes.some((r) => r.mode === f.mode));
    },
  ],
  [
    'equal prices everywhere',
    (s) => {
      for (const resource of s.resources) resource.importance = 1;
      for (const region of s.regions) region.priority = 1;
      for (const route of s.routes) Object.assign(route, { costPerTonne: 10, km: 100 });
    },
  ],
  [
    'demands over nine orders of magnitude',
    (s) => {
      s.regions.forEach((region, j) => {
        const factor = 10 ** ((9 * j) / (s.regions.length - 1) - 6);
        for (const [id, due] of Object.entries(region.demand))
          region.demand[id] = Array.isArray(due)
            ? due.map((d) => rounded(Math.max(0.0001, d * factor)))
            : rounded(Math.max(0.0001, due * factor));
      });
    },
  ],
  [
    'stock as much as handling',
    (s) => {
      for (const depot of s.depots)
        depot.handlingTonnes = rounded(Object.values(depot.stock ?? {}).reduce((a, b) => a + b, 0));
    },
  ],
  [
    'stock a hair less than handling',
    (s) => {
      for (const depot of s.depots)
        depot.handlingTonnes = rounded(Object.values(depot.stock ?? {}).reduce((a, b) => a + b, 0) + 0.0001);
    },
  ],
  [
    'nothing needed',
    (s) => {
      for (const region of s.regions) for (const id of Object.keys(region.demand)) region.demand[id] = 0;
    },
  ],
  [
    'nothing handled, driven or paid',
    (s) => {
      for (const depot of s.depots) depot.handlingTonnes = 0;
      for (const fleet of s.fleets ?? []) fleet.tonneKm = 0;
      Object.assign(s.budget!, { amount: 0 });
    },
  ],
  [
    'some limits of zero',
    (s) => {
      s.depots[0]!.handlingTonnes = 0;
      s.fleets![1]!.tonneKm = 0;
      for (const route of s.routes.slice(0, 5)) route.capacityTonnes = 0;
    },
  ],
  ['no money', (s) => Object.assign(s.budget!, { amount: 0 })],
  [
    'everything in plenty',
    (s) => {
      for (const depot of s.depots) {
        depot.stock = Object.fromEntries(s.resources.map((r) => [r.id, 1e6]));
        delete depot.handlingTonnes;
      }
      for (const route of s.routes) delete route.capacityTonnes;
      delete s.fleets;
      delete s.budget;
    },
  ],
  [
    'nobody counts',
    (s) => {
      for (const region of s.regions) region.priority = 0;
    },
  ],
];

/** More that only whole allocations can show: other numbers of goods and lots. */
export const odd: [string, (s: Scenario) => Scenario][] = [
  [
    'no capacity anywhere',
    (s) =>
      bent(s, 'no-capacity', (c) => {
        for (const route of c.routes) route.capacityTonnes = 0;
      }),
  ],
  ['one good, limits shared', (s) => fewerGoods(s, 1)],
  [
    'one good, nothing shared',
    (s) =>
      bent(fewerGoods(s, 1), 'flow', (c) => {
        delete c.fleets;
        delete c.budget;
      }),
  ],
  [
    'five goods',
    (s) =>
      bent(s, 'five', (c) => {
        for (const [n, of] of [
          [4, 0],
          [5, 1],
        ] as const) {
          const model = c.resources[of]!;
          const id = `K${n}`;
          c.resources.push({ ...model, id, importance: (model.importance ?? 1) / n });
          for (const depot of c.depots) if (depot.stock?.[model.id]) depot.stock[id] = depot.stock[model.id]!;
          for (const region of c.regions) region.demand[id] = structuredClone(region.demand[model.id]!);
        }
      }),
  ],
  [
    'lots of a tonne',
    (s) =>
      bent(s, 'coarse', (c) => {
        for (const resource of c.resources) resource.lot = 1;
        const whole = (quantities: Record<string, number | number[]>) => {
          for (const [id, q] of Object.entries(quantities))
            quantities[id] = typeof q === 'number' ? Math.round(q) : q.map(Math.round);
        };
        for (const depot of c.depots) {
          whole(depot.stock ?? {});
          for (const arrival of depot.arrivals ?? []) arrival.quantity = Math.round(arrival.quantity);
        }
        for (const region of c.regions) whole(region.demand);
      }),
  ],
];

/** The same with a hub that every depot reaches and from which every third region can be served, so that it is no longer direct. */
export const withHub = (scenario: Scenario) =>
  bent(scenario, 'hub', (s) => {
    s.hubs = [{ id: 'hub', storageTonnes: 40, handlingTonnes: 90 }];
    const to = (from: string, end: string) => ({ from, to: end, mode: 'truck', km: 80, costPerTonne: 9 });
    for (const depot of s.depots) s.routes.push(to(depot.id, 'hub'));
    s.regions.forEach((region, j) => {
      if (j % 3 === 0) s.routes.push(to('hub', region.id));
    });
  });
