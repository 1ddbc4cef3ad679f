/** The record as a timeline, and its verification in this browser. Green is what was checked here, and nothing else. */
import { useEffect, useState } from 'preact/hooks';
import type { KnownEntry } from '../../ledger/entry.js';
import { download, get } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { type Route, setQuery, to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { gapText, type Key, num, stageName, t, when } from '../shared/text.js';
import { Act, Digest, Failure, Shown, Title } from '../shared/ui.js';
import { keepLog, keptLogs, verifyInWorker } from '../verify/ask.js';
import type { LedgerChecked, PlanChecked, ProofChecked } from '../verify/protocol.js';

interface Listed {
  size: number;
  entries: { seq: number; text: string; entry: KnownEntry }[];
}

const PAGE = 50;

export default function RecordView({ route: { query } }: { route: Route }) {
  const [checked, setChecked] = useState<LedgerChecked | null>(null);
  const size = useLoad((signal) => get<Listed>('/ledger/entries?limit=1', signal), []);
  const plan = query.get('plan');
  return (
    <>
      <Title title={t('nav.record')}>{t('record.title')}</Title>
      <p class="quiet">{t('record.intro')}</p>
      {plan !== null && <PlanCheck key={plan} digest={plan} />}
      <Shown of={size}>
        {({ size }) => (
          <>
            <Whole size={size} checked={checked} onChecked={setChecked} />
            <Entries size={size} checked={checked} query={query} />
          </>
        )}
      </Shown>
    </>
  );
}

function Whole({
  size,
  checked,
  onChecked,
}: {
  size: number;
  checked: LedgerChecked | null;
  onChecked(is: LedgerChecked): void;
}) {
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const kept = Object.entries(keptLogs());
  const run = async () => {
    setProgress({ done: 0, of: size });
    try {
      const result = await verifyInWorker({ task: 'ledger', kept: keptLogs() }, (done, of) =>
        setProgress({ done, of }),
      );
      keepLog(result);
      onChecked(result);
    } finally {
      setProgress(null);
    }
  };
  return (
    <section class="panel">
      <h2>{t('record.whole')}</h2>
      {checked === null && <p class="quiet">{t('record.unchecked', { n: size })}</p>}
      {checked !== null && <Verdict checked={checked} />}
      {progress && (
        <div role="status">
          <progress max={progress.of} value={progress.done} aria-label={t('record.progress')} />
          <p class="quiet">{t('record.progress.at', { done: progress.done, of: progress.of })}</p>
        </div>
      )}
      <div class="actions">
        <Act kind="main" work={run}>
          {t(checked === null ? 'record.check' : 'record.again')}
        </Act>
        <a class="button" href="/ledger/bundle" download="evenhand-ledger.json">
          {t('record.bundle')}
        </a>
        <span class="quiet">{t('record.bundle.hint')}</span>
      </div>
      {kept.length > 0 && checked === null && <p class="quiet">{t('record.kept')}</p>}
    </section>
  );
}

function Verdict({ checked: { report, known, origin } }: { checked: LedgerChecked }) {
  const { ok, size, faults, certificates, signatures, absent, root } = report;
  if (!ok)
    return (
      <div class="notice bad" role="alert">
        <strong>{t('record.bad', { n: faults.length })}</strong>
        <ol class="faults">
          {faults.slice(0, 50).map(({ seq, kind, what }) => (
            <li key={`${seq}${kind}${what}`}>
              {seq === null ? (
                <span class="tag bad">{t('record.log')}</span>
              ) : (
                <a href={to(['record'], { entry: seq })}>{t('record.entry', { seq: String(seq) })}</a>
              )}{' '}
              {what}
            </li>
          ))}
        </ol>
        <p>{t('record.bad.what')}</p>
      </div>
    );
  return (
    <div class="notice good" role="status">
      <strong>✓ {t('record.good', { n: size })}</strong>
      <ul>
        <li>{t('record.good.chain')}</li>
        <li>{t('record.good.certificates', { n: certificates })}</li>
        {signatures > 0 && <li>{t('record.good.signatures', { n: signatures })}</li>}
        {absent.length > 0 && <li>{t('record.absent', { n: absent.length })}</li>}
        <li>{t(known ? 'record.known' : 'record.first')}</li>
      </ul>
      <p class="quiet">
        <code>{origin}</code> · <code>{root}</code>
      </p>
    </div>
  );
}

function Entries({ size, checked, query }: { size: number; checked: LedgerChecked | null; query: URLSearchParams }) {
  const opened = query.get('entry');
  const wanted = opened === null ? Number(query.get('from') ?? size - 1) : Number(opened);
  const newest = Math.min(size - 1, Math.max(0, Number.isInteger(wanted) ? wanted : size - 1));
  // a page is aligned, so that its address shows the same entries tomorrow
  const from = Math.floor(newest / PAGE) * PAGE;
  const page = useLoad((signal) => get<Listed>(`/ledger/entries?from=${from}&limit=${PAGE}`, signal), [from, size]);
  if (size === 0) return <p>{t('scenarios.none')}</p>;
  return (
    <section class="panel">
      <h2>{t('record.entries')}</h2>
      <Shown of={page}>
        {({ entries }) => (
          <ol class="entries" reversed>
            {[...entries].reverse().map(({ seq, text, entry }) => (
              <Entry key={seq} seq={seq} text={text} entry={entry} checked={checked} open={opened === String(seq)} />
            ))}
          </ol>
        )}
      </Shown>
      <div class="actions">
        {from + PAGE < size && (
          <a class="button" href={to(['record'], { from: from + PAGE })}>
            ← {t('record.newer')}
          </a>
        )}
        {from > 0 && (
          <a class="button" href={to(['record'], { from: from - 1 })}>
            {t('record.older')} →
          </a>
        )}
      </div>
    </section>
  );
}

type State = 'unchecked' | 'good' | 'bad' | 'unproven' | 'beyond';

/** Green only where the whole log holds up to here; where it does not, no entry of it is proven, and the wrong ones are named. */
function stateOf(seq: number, checked: LedgerChecked | null): State {
  if (checked === null) return 'unchecked';
  const { report } = checked;
  if (report.faults.some((fault) => fault.seq === seq)) return 'bad';
  if (seq >= report.size) return 'beyond';
  return report.ok ? 'good' : 'unproven';
}

const MARK: Record<State, string> = { unchecked: '', good: '✓', bad: '✗', unproven: '?', beyond: '' };

interface EntryProps {
  seq: number;
  text: string;
  entry: KnownEntry;
  checked: LedgerChecked | null;
  open: boolean;
}

function Entry({ seq, text, entry, checked, open }: EntryProps) {
  const state = stateOf(seq, checked);
  return (
    <li class={state === 'bad' ? 'wrong' : ''} id={`entry-${seq}`} value={seq}>
      <span class="seq">{seq}</span>
      <div>
        <strong>{t(`record.kind.${entry.kind}` as Key)}</strong> <Facts entry={entry} />
        <div class="quiet">
          {when(entry.ts)} · {entry.actor.org}
          {entry.sig !== null && ` · ${t('record.signed')}`}
        </div>
        {state === 'bad' && (
          <ul class="faults">
            {checked?.report.faults
              .filter((fault) => fault.seq === seq)
              .map(({ what }) => (
                <li key={what}>{what}</li>
              ))}
          </ul>
        )}
        {open ? (
          <Proof seq={seq} text={text} />
        ) : (
          <button type="button" class="link" onClick={() => setQuery({ entry: seq })}>
            {t('record.open')}
            <span class="sr"> {seq}</span>
          </button>
        )}
      </div>
      <span class={`state ${state}`} data-state={state}>
        {MARK[state]} {t(`record.state.${state}`)}
      </span>
    </li>
  );
}

function Facts({ entry }: { entry: KnownEntry }) {
  switch (entry.kind) {
    case 'scenario': {
      const { scenario, id, regions, resources, periods } = entry.body;
      return (
        <>
          <a href={to(['scenario', scenario])}>{id}</a>{' '}
          <span class="quiet">{t('scenarios.case', { regions, resources, periods })}</span>
        </>
      );
    }
    case 'allocation':
      return (
        <>
          <a href={to(['plan', entry.body.allocation])}>{t('record.plan.open')}</a>{' '}
          <span class="quiet">
            {entry.body.stages.map(({ stage, gap }) => `${stageName(stage)} ${gapText(Number(gap))}`).join(' · ')} ·{' '}
            {entry.body.solver.name}
          </span>
        </>
      );
    case 'adoption':
    case 'explanation':
      return (
        <a href={to(entry.kind === 'adoption' ? ['plan', entry.body.allocation] : ['why', entry.body.allocation])}>
          {t('record.of', { seq: String(entry.body.allocationSeq) })}
        </a>
      );
    case 'report':
      return <a href={to(['report', entry.body.report])}>{t('record.report.open')}</a>;
    case 'key':
      return <span class="quiet">{entry.body.org}</span>;
    default:
      return null;
  }
}

/** One entry's own proof: that its exact text is in the log that the key signed. */
function Proof({ seq, text }: { seq: number; text: string }) {
  const [proof, setProof] = useState<ProofChecked | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    verifyInWorker({ task: 'proof', seq, text }, () => {}, stop.signal).then(
      setProof,
      (thrown: unknown) => !stop.signal.aborted && setError(thrown),
    );
    return () => stop.abort();
  }, [seq, text]);
  return (
    <div>
      {error !== null && <Failure error={error} />}
      {proof === null && error === null && <p class="quiet waiting">{t('record.proof.checking')}</p>}
      {proof !== null && (
        <p class={proof.holds ? 'notice good' : 'notice bad'}>
          {proof.holds ? `✓ ${t('record.proof.good', { n: proof.size })}` : `✗ ${t('record.proof.bad')}`}{' '}
          <button
            type="button"
            class="link"
            onClick={() => download(`entry-${seq}.tlog-proof`, proof.proof, 'text/plain')}
          >
            {t('record.proof.download')}
          </button>
        </p>
      )}
      <p class="quiet">{t('record.text')}</p>
      <code>{text}</code>
    </div>
  );
}

/** The exact check of one plan, started by whoever came here for it. */
function PlanCheck({ digest }: { digest: string }) {
  const [result, setResult] = useState<PlanChecked | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    verifyInWorker({ task: 'plan', digest }, () => setLoaded(true), stop.signal).then(
      setResult,
      (thrown: unknown) => !stop.signal.aborted && setError(thrown),
    );
    return () => stop.abort();
  }, [digest]);
  return (
    <section class="panel">
      <h2>
        {t('check.title')}{' '}
        <a href={to(['plan', digest])}>
          <Digest of={digest} />
        </a>
      </h2>
      <p class="quiet">{t('check.intro')}</p>
      {error !== null && <Failure error={error} />}
      {result === null && error === null && (
        <div role="status">
          <progress aria-label={t('check.title')} />
          <p class="quiet">{t(loaded ? 'check.running' : 'check.loading')}</p>
        </div>
      )}
      {result && result.faults.length > 0 && (
        <div class="notice bad" role="alert">
          <strong>✗ {t('check.bad', { n: result.faults.length })}</strong>
          <ul>
            {result.faults.slice(0, 30).map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </div>
      )}
      {result && result.faults.length === 0 && (
        <div class="notice good" role="status">
          <strong>
            ✓ {t('check.good', { n: result.shipments })} {t('check.seconds', { seconds: num(result.seconds) })}
          </strong>
          <Table
            label={t('check.title')}
            columns={[
              { name: t('check.stage') },
              { name: t('check.value'), n: true },
              { name: t('check.bound'), n: true },
              { name: t('plans.col.gap'), n: true },
            ]}
            rows={result.stages.map(({ stage, value, bound, gap }) => ({
              key: stage,
              cells: [stageName(stage), num(Number(value), 4), num(Number(bound), 4), gapText(gap)],
            }))}
          />
        </div>
      )}
    </section>
  );
}
