/** A plan on one sheet of A4: map, table, what is short and why, and the receipt as text and as a QR code. */
import type { Coverage } from '../../../engine/types.js';
import { qrModules } from '../../qr.js';
import { StillMap } from '../map/still.js';
import { useLoad } from '../shared/load.js';
import type { Laid } from '../shared/plan.js';
import { loadPlan } from '../shared/plandata.js';
import { gapsOf, policyName } from '../shared/plans.js';
import { pairsOf, whosePoorest } from '../shared/poorest.js';
import { type Route, to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { listed, modeName, num, peopleUnit, percent, periodName, t, unitName } from '../shared/text.js';
import { Shown, Title } from '../shared/ui.js';
import { LeftOut, WhoGets } from './briefgoods.js';

/** Rows of regions: what fits on the sheet. */
const ROWS = 16;
/** Depots named whose hands are full. */
const BUSY = 5;

interface Receipt {
  seq: number;
  leaf: string;
  root: string;
  size: number;
  status: 'logged' | 'witnessed';
}

export default function Brief({ route }: { route: Route }) {
  const digest = route.path[1] ?? '';
  const plan = useLoad(() => loadPlan(digest), [digest]);
  return <Shown of={plan}>{(laid) => <Sheet laid={laid} digest={digest} />}</Shown>;
}

function Sheet({ laid, digest }: { laid: Laid; digest: string }) {
  const { scenario, allocation } = laid;
  const { measures, policy } = allocation;
  const gaps = gapsOf(laid.packed.head.stages);
  const { periods } = scenario;
  const title = scenario.title ?? scenario.id;
  const receipt = receiptOf(allocation.receipt);
  const pairs = pairsOf(laid);
  const whose = whosePoorest(laid);
  return (
    <>
      <div class="actions noprint">
        <button type="button" class="main" onClick={() => print()}>
          {t('brief.print')}
        </button>
        <a class="button" href={to(['plan', digest])}>
          {t('brief.back')}
        </a>
      </div>
      <article class="sheet">
        <Title title={title}>{title}</Title>
        <p>
          {t('plan.policy', { policy: policyName(policy.name) })} · {periodName(0, periods)} –{' '}
          {periodName(periods.count - 1, periods)} · {t('brief.proven', { gaps })}
        </p>
        <dl class="facts">
          <Pair name={t('plan.mean')} value={percent(measures.meanCoverage)} />
          <Pair
            name={`${t('plan.smallest')}${whose === undefined ? '' : ` (${whose})`}`}
            value={percent(measures.smallestCoverage)}
          />
          <Pair
            name={t('plan.unmet', { unit: peopleUnit(periods.length) })}
            value={num(measures.peoplePeriodsUnmet, 0)}
          />
          <Pair name={t('plan.tonnes')} value={num(measures.tonnes, 1)} />
          <Pair name={t('plan.cost')} value={`${num(measures.cost, 0)} ${measures.currency ?? ''}`} />
          <Pair name={t('plan.gini')} value={num(measures.gini, 3)} />
        </dl>
        <p class="quiet">{t('brief.people', { unit: peopleUnit(periods.length) })}</p>
        <div class="sheet-columns">
          <StillMap laid={laid} label={t('brief.map')} />
          <Regions laid={laid} />
        </div>
        <Items laid={laid} />
        <Short laid={laid} pairs={pairs} />
        {receipt && <ReceiptBlock receipt={receipt} digest={digest} log={logOf(allocation.receipt)} />}
        <WhoGets laid={laid} />
      </article>
    </>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd class="value">{value}</dd>
    </div>
  );
}

function Regions({ laid }: { laid: Laid }) {
  const tonnes = new Map<string, number>();
  for (const { to, tonnes: more } of laid.flows) tonnes.set(to.id, (tonnes.get(to.id) ?? 0) + more);
  const rows = [...laid.scenario.regions].sort(
    (a, b) => (laid.byRegion.get(a.id)?.ratio ?? 1) - (laid.byRegion.get(b.id)?.ratio ?? 1),
  );
  return (
    <table>
      <thead>
        <tr>
          <th>{t('map.region')}</th>
          <th class="n">{t('map.people')}</th>
          <th class="n">{t('map.coverage')}</th>
          <th class="n">{t('ship.col.tonnes')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, ROWS).map(({ id, people }) => (
          <tr key={id}>
            <th scope="row">{laid.names.get(id)}</th>
            <td class="n">{people === undefined ? '' : num(people)}</td>
            <td class="n">{percent(laid.byRegion.get(id)?.ratio ?? 0)}</td>
            <td class="n">{num(tonnes.get(id) ?? 0, 1)}</td>
          </tr>
        ))}
        {rows.length > ROWS && (
          <tr>
            <td colSpan={4}>{t('brief.more', { n: rows.length - ROWS })}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Items({ laid }: { laid: Laid }) {
  const rows = [...laid.allocation.measures.byResource].sort((a, b) => a.ratio - b.ratio);
  const share = (due: number, ratio: number) => (due > 0 ? percent(ratio) : '–');
  return (
    <Table
      label={t('brief.short')}
      columns={[
        { name: t('map.resource') },
        { name: t('brief.due'), n: true },
        { name: t('brief.stock'), n: true },
        { name: t('brief.delivered'), n: true },
        { name: t('brief.end'), n: true },
        { name: t('brief.time'), n: true },
      ]}
      rows={rows.slice(0, ROWS).map(({ resource, unit, due, stock, delivered, ratio }) => ({
        key: resource,
        cells: [
          <>
            {laid.names.get(resource)} <span class="quiet">({unitName(unit)})</span>
          </>,
          ...[num(due), num(stock), num(delivered), share(due, delivered / due), share(due, ratio)],
        ],
      }))}
    />
  );
}

/** Why it is not more, as far as plan and scenario show it without another solve. */
function Short({ laid, pairs }: { laid: Laid; pairs: readonly Coverage[] }) {
  const { byResource, fleets, budget } = laid.allocation.measures;
  const short = byResource.filter(({ delivered, due }) => delivered < due);
  const gone = short.filter(({ stock, shipped }) => shipped >= stock * 0.999);
  const held = short.filter(({ stock, shipped }) => shipped < stock * 0.999);
  const names = (list: typeof short) => listed(list.map(({ resource }) => laid.names.get(resource) ?? resource));
  const full = laid.flows.filter(({ full }) => full).length;
  const busy = fleets.filter(({ peak }) => peak >= 0.999).map(({ mode }) => mode);
  return (
    <section>
      <h2>{t('brief.short')}</h2>
      <ul>
        {short.length === 0 && <li>{t('brief.short.none')}</li>}
        <LeftOut laid={laid} pairs={pairs} />
        {gone.length > 0 && <li>{t('brief.short.gone', { items: names(gone) })}</li>}
        {held.length > 0 && <li>{t('brief.short.held', { items: names(held) })}</li>}
        {busy.length > 0 && <li>{t('brief.short.fleet', { fleets: listed(busy.map(modeName)) })}</li>}
        {laid.handling.length > 0 && (
          <li>
            {t('brief.short.handling', {
              sites: listed(laid.handling.slice(0, BUSY).map((id) => laid.names.get(id) ?? id)),
            })}
          </li>
        )}
        {full > 0 && <li>{t('brief.short.routes', { n: full })}</li>}
        {budget && budget.used > budget.limit * 0.999 && <li>{t('brief.short.budget')}</li>}
      </ul>
    </section>
  );
}

function receiptOf(value: unknown): Receipt | null {
  return typeof value === 'object' && value !== null && 'leaf' in value && 'root' in value ? (value as Receipt) : null;
}

/** The log names itself in the first line of its checkpoint, which follows the proof. */
function logOf(value: unknown): string {
  const proof = typeof value === 'object' && value !== null && 'proof' in value ? String(value.proof) : '';
  return proof.split('\n\n')[1]?.split('\n')[0] ?? '';
}

function ReceiptBlock({
  receipt: { seq, leaf, root, size, status },
  digest,
  log,
}: {
  receipt: Receipt;
  digest: string;
  log: string;
}) {
  const text = `evenhand\nlog ${log}\nentry ${seq}\nplan ${digest}\nleaf ${leaf}`;
  const whole = `${text}\nsize ${size}\nroot ${root}`;
  return (
    <section class="receipt">
      <Qr text={text} />
      <div>
        <h2>{t('brief.receipt')}</h2>
        <p>{t('brief.receipt.what', { status: t(`brief.receipt.${status}`) })}</p>
        <pre>{whole}</pre>
      </div>
    </section>
  );
}

function Qr({ text }: { text: string }) {
  const modules = qrModules(text);
  const n = modules.length;
  const d = modules.flatMap((row, i) => row.map((dark, j) => (dark ? `M${j + 4} ${i + 4}h1v1h-1z` : ''))).join('');
  return (
    <svg class="qr" viewBox={`0 0 ${n + 8} ${n + 8}`} role="img" aria-label={t('brief.qr')}>
      <rect width={n + 8} height={n + 8} fill="#fff" />
      <path d={d} fill="#000" />
    </svg>
  );
}
