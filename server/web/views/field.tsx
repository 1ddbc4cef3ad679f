/** The form for the field: on a phone, with or without a network. What is written is kept; what is sent has a receipt. */
import type { ScenarioRow } from '../../catalogue.js';
import { getAll } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { keptPlaces } from '../shared/places.js';
import { useQueue } from '../shared/queue.js';
import { type Route, setQuery } from '../shared/route.js';
import { t } from '../shared/text.js';
import { Shown, Title } from '../shared/ui.js';
import { DeliveryForm } from './delivery.js';
import { Form } from './fieldform.js';
import { Queue } from './queue.js';

interface Choice {
  digest: string;
  title: string;
}

/** From the record; without a network those that this browser knows. */
async function scenariosFor(signal: AbortSignal): Promise<Choice[]> {
  try {
    const rows = await getAll<ScenarioRow>('/scenarios', 'scenarios', signal);
    return rows
      .reverse()
      .flatMap(({ digest, title, id }) =>
        digest === null ? [] : [{ digest, title: `${title ?? id} (${digest.slice(0, 6)})` }],
      );
  } catch (error) {
    const kept = keptPlaces();
    if (kept.length === 0) throw error;
    return kept.map(({ digest, title }) => ({ digest, title: `${title} (${digest.slice(0, 6)})` }));
  }
}

export default function Field({ route: { query } }: { route: Route }) {
  const scenarios = useLoad(scenariosFor, []);
  const queue = useQueue();
  const plan = query.get('plan');
  return (
    <>
      <Title title={t('field.title')}>{t('field.title')}</Title>
      <p class="quiet">{t('field.intro')}</p>
      <Queue queue={queue} />
      {plan !== null ? (
        <section class="panel">
          <h2>{t('field.kind.delivery')}</h2>
          <DeliveryForm plan={plan} line={Number(query.get('line')) || 0} />
        </section>
      ) : (
        <Shown of={scenarios}>
          {(choices) => {
            const chosen = query.get('scenario') ?? choices[0]?.digest;
            if (chosen === undefined) return <p>{t('scenarios.none')}</p>;
            return (
              <section class="panel">
                <div class="field">
                  <label for="f-scenario">{t('field.scenario')}</label>
                  <select
                    id="f-scenario"
                    value={chosen}
                    onChange={(e) => setQuery({ scenario: e.currentTarget.value })}
                  >
                    {choices.map(({ digest, title }) => (
                      <option key={digest} value={digest}>
                        {title}
                      </option>
                    ))}
                  </select>
                </div>
                <Form key={chosen} digest={chosen} />
              </section>
            );
          }}
        </Shown>
      )}
    </>
  );
}
