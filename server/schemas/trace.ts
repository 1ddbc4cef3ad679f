/** What became of a report and of a plan's consignments, as the API shows it. */
import type { Variance } from '../../engine/index.js';
import type { Trace } from '../reports/tracing.js';
import { documented } from './documented.js';
import { DIGESTS } from './examples.js';

const effect = {
  peoplePeriods: 2400,
  moved: 3100,
  regions: [{ region: 'lower', with: 9000, without: 5900, peoplePeriods: 3100 }],
};

const trace: Trace = {
  report: DIGESTS.leaf,
  kind: 'obstacle',
  filed: { seq: 2, org: 'red-cross.mg', at: '2026-11-24T06:40:00.000Z' },
  verified: { seq: 3, org: 'bngrc.mg', at: '2026-11-24T07:10:00.000Z', verdict: 'verified', why: 'Seen from the air.' },
  amendments: [{ digest: DIGESTS.root, seq: 5, words: ['Route port → upper by truck is closed in period 0.'] }],
  replan: { allocation: DIGESTS.other, seq: 7, period: 0, gap: 0.0001 },
  effect: { without: DIGESTS.allocation, gap: 0.0001, planned: effect, saved: effect },
  resolved: { seq: 8, at: '2026-11-24T08:00:00.000Z', what: 'Convoys go to lower first.' },
  told: ['Your report came on 2026-11-24 06:40 (entry 2 of the record).'],
  said: [{ say: 'told.filed', at: '2026-11-24T06:40:00.000Z', entry: 2 }],
};

export const traceDocument = documented<Trace>('from the report to the people it moved', trace, [], {
  verified: ['object', 'null'],
  replan: ['object', 'null'],
  effect: ['object', 'null'],
  resolved: ['object', 'null'],
});

const row = {
  ...{ to: 'upper', resource: 'water', unit: 'L', allocated: 3000, shipped: 2500, held: 500, returned: 0 },
  ...{ delivered: 2400, onTheRoad: 0, lost: 100, lines: 1, unreported: 0 },
};
const variance: Variance = { period: 1, rows: [row], totals: [{ ...row, to: null }] };

export const varianceDocument = documented<Variance>(
  'allocated = shipped + held + returned; shipped = delivered + onTheRoad + lost',
  variance,
  [],
  { to: ['string', 'null'] },
);
