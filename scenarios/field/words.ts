/** What an amendment changes, as sentences: told from the figures before and after, not from the reports. */
import type { Delivery } from './amendment.js';
import { NO_LIMIT } from './goods.js';
import type { Figures } from './routes.js';
import type { AmendmentSaid } from './said.js';

/** What is the same to say in several periods is said once, in the order of the first of each. */
function grouped(count: number, say: (t: number) => AmendmentSaid | undefined): AmendmentSaid[] {
  const groups = new Map<string, { said: AmendmentSaid; periods: number[] }>();
  for (let t = 0; t < count; t++) {
    const said = say(t);
    if (said === undefined) continue;
    const key = JSON.stringify(said);
    const group = groups.get(key) ?? { said, periods: [] };
    group.periods.push(t);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ said, periods }) => ('periods' in said ? { ...said, periods } : said));
}

type Phrase = AmendmentSaid;

const lead = (f: Figures): Phrase => ({ say: 'lead', n: f.leadPeriods ?? 0 });
const carries = ({ capacityTonnes }: Figures): Phrase =>
  capacityTonnes === undefined ? { say: 'any' } : { say: 'at.most', amount: capacityTonnes };

/** `grouped` fills them in. */
const periods: number[] = [];

export function routeSaid(
  { from, to, mode }: Pick<Figures, 'from' | 'to' | 'mode'>,
  before: readonly (Figures | null)[],
  after: readonly (Figures | null)[],
): AmendmentSaid[] {
  const way = { from, to, mode, periods };
  const other = (say: 'route.takes' | 'route.carries', of: (f: Figures) => Phrase, b: Figures, a: Figures) => {
    const [was, is] = [of(b), of(a)];
    return JSON.stringify(was) === JSON.stringify(is) ? undefined : { say, ...way, before: was, after: is };
  };
  const changes: ((b: Figures | null, a: Figures | null) => AmendmentSaid | undefined)[] = [
    (b, a) => (b && !a ? { say: 'route.closed', ...way } : undefined),
    (b, a) => (!b && a ? { say: 'route.opens', ...way, what: lead(a), limit: carries(a) } : undefined),
    (b, a) => (b && a ? other('route.takes', lead, b, a) : undefined),
    (b, a) => (b && a ? other('route.carries', carries, b, a) : undefined),
  ];
  return changes.flatMap((say) => grouped(before.length, (t) => say(before[t]!, after[t]!)));
}

export function sizeSaid(
  who: AmendmentSaid,
  figure: 'handlingTonnes' | 'vehicles' | 'tonneKm',
  before: readonly number[],
  after: readonly number[],
): AmendmentSaid[] {
  const say = figure === 'handlingTonnes' ? 'can.send' : 'has';
  const amount = (x: number): Phrase => {
    if (x >= NO_LIMIT) return { say: 'any' };
    if (figure === 'vehicles') return { say: 'vehicles', n: x };
    return { say: figure === 'tonneKm' ? 'tonneKm.each' : 'tonnes.each', amount: x };
  };
  return grouped(before.length, (t) =>
    before[t] === after[t] ? undefined : { say, who, periods, after: amount(after[t]!), before: amount(before[t]!) },
  );
}

/** `units` turns lots into units. */
export function needSaid(
  region: string,
  { id: resource, unit, kind }: { id: string; unit: string; kind: 'consumable' | 'durable' },
  units: (lots: number) => number,
  before: readonly number[],
  after: readonly number[],
): AmendmentSaid[] {
  const say = kind === 'durable' ? 'falls.due' : 'is.needed';
  return grouped(before.length, (t) =>
    before[t] === after[t]
      ? undefined
      : { say, region, resource, periods, amount: units(after[t]!), was: units(before[t]!), unit },
  );
}

export function deliverySaid(unit: string, d: Delivery): AmendmentSaid {
  const { resource, from, to, mode, depart, allocated, shipped, held, returned, delivered, arrived } = d;
  const part = (say: 'left' | 'held' | 'returned', amount: number): Phrase[] => (amount > 0 ? [{ say, amount }] : []);
  const parts = [...part('left', shipped), ...part('held', held), ...part('returned', returned)];
  const list = parts.length > 0 ? parts : [{ say: 'none.left' } as const];
  const line = { resource, from, to, mode, period: depart, amount: allocated, unit, list, was: delivered };
  return arrived === null ? { say: 'sent', ...line } : { say: 'sent.late', ...line, periods: [arrived] };
}
