/** Verified reports → an amendment: the patch from a scenario to the one that they make of it, or why there is none. */
import { checkScenario } from '../check.js';
import { scenarioDigest } from '../digest.js';
import { type Fault, fault, MOST_TOLD, prefaced } from '../faults.js';
import { type Operation, patched } from '../patch.js';
import type { Scenario } from '../schema.js';
import { english, type Text, wording } from '../wording.js';
import type { Amendment, Delivery } from './amendment.js';
import { amendmentOf, type Change } from './changes.js';
import { checkKnown, placeFaults } from './check.js';
import { allocatedOf } from './check-delivery.js';
import { type Conflict, conflictOf, conflictsOf } from './conflicts.js';
import { type Effect, effectsOf, momentNumber, type ReportFault } from './effects.js';
import { type Known, knownOf, routeKey } from './known.js';
import { standing } from './life.js';
import type { ReportOf, VerifiedReport } from './report.js';
import { type AmendmentSaid, amendmentInWords } from './said.js';
import { deliverySaid } from './words.js';

export type Compiled =
  /** `said` are the sentences of the amendment in parts, in the same order. */
  | { ok: true; amendment: Amendment; scenario: Scenario; said: AmendmentSaid[] }
  | { ok: false; faults: (Fault & { report?: string })[]; conflicts: Conflict[] };

/**
 * Compiles verified reports into an amendment of `parent`, which must have been checked. The order of the reports makes no
 * difference, nor whether they come at once or one amendment after the other. Superseded ones do not count; `supersedes`
 * undoes nothing that is in the parent already, so all reports that hold are best compiled on the scenario that none is in.
 */
export function compileAmendment(parent: Scenario, verified: readonly VerifiedReport[]): Compiled {
  const known = knownOf(parent);
  const reports = standing(verified);
  const faults: ReportFault[] = [];
  const effects: Effect[] = [];
  for (const { digest, verified: v } of reports) {
    const checked = checkKnown(v.report, known);
    const found = checked.ok ? [] : checked.faults;
    if (v.place !== undefined) found.push(...placeFaults(v.place));
    const made = found.length > 0 ? [] : effectsOf(v, known);
    if (Array.isArray(made)) effects.push(...made);
    else found.push(made);
    faults.push(...found.map((f) => ({ ...f, report: digest })));
  }
  if (faults.length > 0) return { ok: false, faults, conflicts: [] };
  const sent = deliveries(reports, known);
  const conflicts = [...conflictsOf(effects, known), ...sent.conflicts];
  if (conflicts.length > 0) return { ok: false, faults: [], conflicts };

  const change = amendmentOf(known, effects);
  if (change.faults.length > 0) return { ok: false, faults: change.faults, conflicts: [] };
  const patch = guarded(parent, change);
  const scenario = patched(parent, patch);
  const checked = checkScenario(scenario, MOST_TOLD);
  // What was shipped already, for instance, may be more than is left by a loss.
  if (!checked.ok)
    return {
      ok: false,
      conflicts: [],
      faults: checked.faults.map((f) => prefaced(f, (message) => wording`As amended: ${message}`)),
    };
  const unit = (id: string) => known.resources.get(id)!.unit;
  const said = [...change.said, ...sent.deliveries.map((d) => deliverySaid(unit(d.resource), d))];
  const amendment: Amendment = {
    amendment: 1,
    parent: scenarioDigest(parent),
    scenario: scenarioDigest(scenario),
    reports: reports.map((r) => r.digest),
    patch,
    words: said.map((one) => amendmentInWords(one, parent.periods)),
    deliveries: sent.deliveries,
  };
  return { ok: true, amendment, scenario, said };
}

/** Numbers of periods mean nothing in another calendar, so a patch tests whose scenario it is. */
function guarded({ id, periods }: Scenario, { patch }: Change): Operation[] {
  if (patch.length === 0) return [];
  return [{ op: 'test', path: '/id', value: id }, { op: 'test', path: '/periods', value: periods }, ...patch];
}

/**
 * Compiles the reports of an amendment anew on another scenario. Where its periods are others than those of the scenario
 * before, reports that name periods by number are at fault, as they would mean other days.
 */
export function rebase(verified: readonly VerifiedReport[], before: Scenario['periods'], parent: Scenario): Compiled {
  const { count: _, ...calendar } = before;
  const { count: __, ...other } = parent.periods;
  const same = calendar.start === other.start && (calendar.length ?? 'P1D') === (other.length ?? 'P1D');
  const faults = same ? [] : standing(verified).flatMap(({ digest, verified: { report } }) => numbered(digest, report));
  return faults.length > 0 ? { ok: false, faults, conflicts: [] } : compileAmendment(parent, verified);
}

function numbered(digest: string, report: VerifiedReport['report']): ReportFault[] {
  const fields = report.kind === 'delivery' ? (['depart', 'arrived'] as const) : (['from', 'until'] as const);
  return fields.flatMap((field) => {
    const value: unknown = Reflect.get(report, field);
    if (typeof value !== 'number') return [];
    const what = wording`is ${value}, a period of a scenario that began on another day or had longer ones`;
    return [{ ...fault([field], String(value), what, wording`file the report again with dates`), report: digest }];
  });
}

/** What became of each shipment, once each; two reports that say different things of one are in conflict. */
function deliveries(
  reports: readonly { digest: string; verified: VerifiedReport }[],
  known: Known,
): { deliveries: Delivery[]; conflicts: Conflict[] } {
  const lines = new Map<string, Delivery>();
  const conflicts: Conflict[] = [];
  for (const { digest, verified } of reports) {
    if (verified.report.kind !== 'delivery') continue;
    const next = deliveryOf(digest, verified.report, known);
    const line = `${next.allocation} ${next.resource}\0${routeKey(next)}\0${next.depart}`;
    const first = lines.get(line);
    if (!first) lines.set(line, next);
    else if (english(outcome(first)) !== english(outcome(next))) conflicts.push(contradiction(first, next));
  }
  const order = ({ depart, resource, from, to, mode, allocation }: Delivery) =>
    [String(depart).padStart(4, '0'), resource, from, to, mode, allocation].join('\0');
  const sorted = [...lines.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { deliveries: sorted, conflicts };
}

function deliveryOf(report: string, said: ReportOf<'delivery'>, known: Known): Delivery {
  const { allocation, resource, from, to, mode, depart, shipped, held, returned, delivered, arrived } = said;
  return {
    ...{ report, allocation, resource, from, to, mode, depart },
    allocated: allocatedOf(said),
    ...{ shipped, held, returned, delivered },
    arrived: arrived === undefined ? null : momentNumber(known, arrived),
  };
}

function outcome({ shipped, held, returned, delivered, arrived }: Delivery): Text {
  const said = wording`shipped ${shipped}, held ${held}, returned ${returned}, delivered ${delivered}`;
  return arrived === null ? said : wording`${said} in period ${arrived}`;
}

function contradiction(a: Delivery, b: Delivery): Conflict {
  const place = wording`Shipment of ${a.resource} ${a.from} → ${a.to} by ${a.mode}`;
  return conflictOf([a.report, b.report], place, [a.depart], wording`period ${a.depart}`, [outcome(a), outcome(b)]);
}
