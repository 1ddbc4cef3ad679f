/** Whether a report holds, and where it is about if it does not say so. */
import { useState } from 'preact/hooks';
import type { PlaceName } from '../../../scenarios/field/report.js';
import type { ReportDocument } from '../../ledger/types.js';
import { newKey, post } from '../shared/api.js';
import { t } from '../shared/text.js';
import { Act } from '../shared/ui.js';

const namesPlace = (report: object): boolean =>
  ['route', 'site', 'fleet', 'region', 'depot'].some((name) => name in report) ||
  ('kind' in report && report.kind === 'delivery');

interface VerifyProps {
  digest: string;
  report: ReportDocument;
  onDone(): void;
}

export function Verify({ digest, report, onDone }: VerifyProps) {
  const [by, setBy] = useState('');
  const [why, setWhy] = useState('');
  const [place, setPlace] = useState('');
  const [key] = useState(newKey);
  const say = (verdict: 'verified' | 'rejected') => async () => {
    const named = placeFrom(place);
    const body = { verdict, by, why, ...(named && verdict === 'verified' ? { place: named } : {}) };
    await post(`/reports/${digest}/verification`, body, `${key}-${verdict}`);
    onDone();
  };
  return (
    <section>
      <h3>{t('reports.verify')}</h3>
      <p class="quiet">{t('reports.verify.who')}</p>
      <div class="field">
        <label for="v-by">{t('reports.by')}</label>
        <input id="v-by" value={by} onInput={(e) => setBy(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="v-why">{t('adopt.why')}</label>
        <textarea id="v-why" value={why} onInput={(e) => setWhy(e.currentTarget.value)} />
      </div>
      {!namesPlace(report) && (
        <div class="field">
          <label for="v-place">{t('reports.place')}</label>
          <input id="v-place" value={place} onInput={(e) => setPlace(e.currentTarget.value)} />
          <span class="hint">{t('reports.place.hint')}</span>
        </div>
      )}
      <div class="actions">
        <Act kind="main" work={say('verified')}>
          {t('reports.holds')}
        </Act>
        <Act work={say('rejected')}>{t('reports.reject')}</Act>
      </div>
    </section>
  );
}

/** "region sava", "depot port", "route port upper truck". */
function placeFrom(text: string): PlaceName | null {
  const [kind, a = '', b = '', c = ''] = text.trim().split(/\s+/);
  if (kind === 'route') return { route: { from: a, to: b, mode: c } };
  if (kind === 'region') return { region: a };
  if (kind === 'depot') return { depot: a };
  if (kind === 'site') return { site: a };
  return kind === 'fleet' ? { fleet: a } : null;
}
