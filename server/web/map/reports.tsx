/** Where reports come from, by the numbers of their entries; and who gets more or less through one, once that is worked out. */
import { useMemo } from 'preact/hooks';
import type { FieldReport } from '../../../scenarios/field/report.js';
import { emptyMap } from '../shared/plan.js';
import { sitesOf } from '../shared/report.js';
import type { Scenario } from '../shared/scenario.js';
import { num, peopleUnit, t } from '../shared/text.js';
import { DifferenceScale, differenceShade } from './difference.js';
import type { Shade } from './draw.js';
import { PlanMap } from './map.js';
import type { Mark } from './marks.js';

export interface Placed {
  seq: number;
  report: FieldReport;
}

/** People-periods by region that a report has moved. */
export type Moved = ReadonlyMap<string, number>;

const PLAIN: Shade = () => ({ colour: 'd2', hatched: false });

interface ReportMapProps {
  scenario: Scenario;
  reports: readonly Placed[];
  /** Entry of the one that is open. */
  chosen: number | null;
  moved: Moved | null;
  onChoose(seq: number): void;
}

export function ReportMap({ scenario, reports, chosen, moved, onChoose }: ReportMapProps) {
  const laid = useMemo(() => emptyMap(scenario), [scenario]);
  const marks = useMemo(
    () => marksOf(reports, (id) => laid.sites.get(id)?.at != null, chosen),
    [reports, laid, chosen],
  );
  const difference = useMemo(() => moved && differenceShade(moved), [moved]);
  if (![...laid.sites.values()].some(({ at }) => at !== null)) return <p class="notice">{t('map.none')}</p>;
  const own = reports.find(({ seq }) => seq === chosen)?.report;
  const choose = (id: string | null) => {
    const here = reports.filter(({ report }) => id !== null && sitesOf(report).includes(id));
    // once more on the same place: the next one there
    const next = here[here.findIndex(({ seq }) => seq === chosen) + 1] ?? here[0];
    if (next) onChoose(next.seq);
  };
  return (
    <>
      <PlanMap
        laid={laid}
        shade={difference?.shade ?? PLAIN}
        marks={marks}
        chosen={(own && sitesOf(own)[0]) ?? null}
        onPoint={() => {}}
        onChoose={choose}
      />
      {difference && (
        <>
          <p class="quiet">{t('reports.moved', { unit: peopleUnit(scenario.periods.length) })}</p>
          <DifferenceScale limit={difference.limit} say={num} />
        </>
      )}
    </>
  );
}

/** One pin a place, with the numbers of all that is reported there; the chosen one last, above the others. */
function marksOf(reports: readonly Placed[], located: (id: string) => boolean, chosen: number | null): Mark[] {
  const pins = new Map<string, Mark & { seqs: number[] }>();
  for (const { seq, report } of reports) {
    const [at, to] = sitesOf(report);
    const place = at !== undefined && located(at) && (to === undefined || located(to)) ? at : report.at;
    if (place === undefined) continue;
    const key = `${place}>${to ?? ''}`;
    const pin = pins.get(key) ?? { kind: 'report', at: place, ...(to === undefined ? {} : { to }), seqs: [] };
    pin.seqs.push(seq);
    pins.set(key, pin);
  }
  return [...pins.values()]
    .map(({ seqs, ...pin }) => ({
      ...pin,
      text: seqs.length > 3 ? `${seqs.slice(0, 2).join(', ')} …` : seqs.join(', '),
      strong: seqs.includes(chosen ?? -1),
    }))
    .sort((a, b) => Number(a.strong) - Number(b.strong));
}
