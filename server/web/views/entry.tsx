/** One entry of the record: what it is, whether it holds, and its own proof. */
import { useEffect, useState } from 'preact/hooks';
import type { KnownEntry } from '../../ledger/entry.js';
import { download } from '../shared/api.js';
import { setQuery, to } from '../shared/route.js';
import { gapText, type Key, stageName, t, when } from '../shared/text.js';
import { Failure } from '../shared/ui.js';
import { verifyInWorker } from '../verify/ask.js';
import type { LedgerChecked, ProofChecked } from '../verify/protocol.js';

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

export function Entry({ seq, text, entry, checked, open }: EntryProps) {
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
