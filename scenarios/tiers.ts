/** Levels of administration, lowest first: who has to act on a report, within what time, and who after them. */
import { type Fault, fault, type Report, show } from './faults.js';
import type { Scenario } from './schema.js';
import { english, wording } from './wording.js';

/** Hours until a report has to be verified, compiled into an amendment, and resolved, each from the step before. */
export interface DueHours {
  verify: number;
  amend: number;
  resolve: number;
}

export interface Tier {
  id: string;
  name: string;
  /** Who acts on this level; null where the file does not say. */
  organisation: string | null;
  dueHours: DueHours;
}

/** Assumed by us: a day to look, a day to plan, three to see it through. */
export const DUE_HOURS: DueHours = { verify: 24, amend: 24, resolve: 72 };

/** Usual names of levels, lowest first; those of a row are the same level. */
const KNOWN = [
  ['village', 'community'],
  ['township', 'town'],
  ['district'],
  ['county'],
  ['regional', 'region', 'province', 'provincial'],
  ['central', 'national'],
];

const rank = (name: string): number => KNOWN.findIndex((row) => row.includes(name.toLowerCase()));

/**
 * The tiers of a checked scenario, lowest first, defaults filled in. Where it lists none, those that its depots and regions
 * name, in the usual order; a fault for each name that is not usual, or that stands for the same level as another.
 */
export function tiersOf(scenario: Scenario): { ok: true; tiers: Tier[] } | { ok: false; faults: Fault[] } {
  if (scenario.tiers) return { ok: true, tiers: scenario.tiers.map(filled) };
  const faults: Fault[] = [];
  const ids = orderTiers(scenario, (...found) => faults.push(fault(...found)));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, tiers: ids.map((id) => filled({ id })) };
}

type Sites = readonly { tier?: string }[];

/** Names of tiers in the usual order; what cannot be put in order is reported. */
export function orderTiers(sites: { depots: Sites; regions: Sites }, report: Report): string[] {
  const found = new Set<string>();
  for (const list of ['depots', 'regions'] as const)
    sites[list].forEach(({ tier }, i) => {
      if (tier === undefined || found.has(tier)) return;
      const same = [...found].find((other) => rank(other) === rank(tier));
      found.add(tier);
      const mend = wording`list them in tiers, lowest first`;
      if (rank(tier) < 0)
        report([list, i, 'tier'], show(tier), wording`is ${show(tier)}, whose level is not known`, mend);
      else if (same !== undefined)
        report([list, i, 'tier'], show(tier), wording`is ${show(tier)}, the level of ${show(same)}`, mend);
    });
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function filled({ id, name, organisation, dueHours }: NonNullable<Scenario['tiers']>[number]): Tier {
  return { id, name: name ?? id, organisation: organisation ?? null, dueHours: { ...DUE_HOURS, ...dueHours } };
}

/** The next level up, to which what is overdue goes; undefined above the highest. Throws a RangeError for an unknown tier. */
export function escalation(tiers: readonly Tier[], tier: string): Tier | undefined {
  const level = tiers.findIndex(({ id }) => id === tier);
  if (level < 0)
    throw new RangeError(`no tier ${english(show(tier))}; there are ${tiers.map((t) => t.id).join(', ') || 'none'}`);
  return tiers[level + 1];
}
