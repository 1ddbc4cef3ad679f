/** What a report changed: solved once more as if nobody had sent it; asked for, as it takes a solve. */
import { useState } from 'preact/hooks';
import type { Trace } from '../../reports/tracing.js';
import type { Moved } from '../map/reports.js';
import { waitFor } from '../shared/api.js';
import { type Around, Sentences } from '../shared/said.js';
import { signed, t } from '../shared/text.js';
import { Act } from '../shared/ui.js';

interface ChangedProps {
  digest: string;
  around: Around;
  /** By region, once it is known. */
  onMoved(moved: Moved): void;
}

export function Changed({ digest, around, onMoved }: ChangedProps) {
  const [trace, setTrace] = useState<Trace | null>(null);
  const ask = async () => {
    const trace = await waitFor<Trace>(`/reports/${digest}/trace`, new AbortController().signal);
    setTrace(trace);
    const moved = trace.effect?.planned.regions ?? [];
    if (moved.length > 0) onMoved(new Map(moved.map((one) => [one.region, one.peoplePeriods])));
  };
  return (
    <section>
      <h3>{t('reports.changed')}</h3>
      {trace === null ? (
        <div class="actions">
          <Act work={ask}>{t('reports.trace')}</Act>
        </div>
      ) : (
        <>
          <Sentences words={trace.told} said={trace.said} around={around} />
          {trace.effect && (
            <table>
              <tbody>
                {trace.effect.planned.regions.slice(0, 12).map(({ region, peoplePeriods }) => (
                  <tr key={region}>
                    <th scope="row">{around.names.get(region) ?? region}</th>
                    <td class="n">{signed(peoplePeriods)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}
