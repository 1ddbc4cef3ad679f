/** What is on the record to plan for; a file dropped here, or a built-in case, begins something new. */
import { useState } from 'preact/hooks';
import type { ScenarioRow } from '../../catalogue.js';
import { ask, get, getAll, post } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { go, to } from '../shared/route.js';
import { Table } from '../shared/table.js';
import { t, when } from '../shared/text.js';
import { Act, Failure, Shown, Title } from '../shared/ui.js';

interface CaseRow {
  name: string;
  title: string;
  periods: number;
  regions: number;
  resources: number;
  location: string;
}

async function record(scenario: string | Blob): Promise<void> {
  const { digest } = await post<{ digest: string }>('/scenarios', scenario);
  go(to(['scenario', digest]));
}

/** What a file is sent as: a workbook is a zip too, and its first bytes say so where its name does not. */
async function contentOf(file: File): Promise<string | Blob> {
  const zipped = (await file.slice(0, 4).text()) === 'PK\u0003\u0004';
  return zipped ? file.slice(0, file.size, 'application/zip') : file.text();
}

export default function Scenarios() {
  const cases = useLoad((signal) => get<{ cases: CaseRow[] }>('/cases', signal), []);
  const scenarios = useLoad((signal) => getAll<ScenarioRow>('/scenarios', 'scenarios', signal), []);
  return (
    <>
      <Title title={t('scenarios.title')}>{t('scenarios.title')}</Title>
      <p class="quiet">{t('scenarios.intro')}</p>
      <div class="columns">
        <div>
          <section class="panel">
            <Drop />
          </section>
          <section class="panel">
            <h2>{t('scenarios.recorded')}</h2>
            <Shown of={scenarios}>
              {(rows) => (rows.length === 0 ? <p>{t('scenarios.none')}</p> : <List rows={rows} />)}
            </Shown>
          </section>
        </div>
        <section class="panel">
          <h2>{t('scenarios.cases')}</h2>
          <Shown of={cases}>
            {({ cases }) =>
              cases.map(({ name, title, location, ...size }) => (
                <div key={name} class="case">
                  <div>
                    <strong>{title}</strong>
                    <div class="quiet">{t('scenarios.case', size)}</div>
                  </div>
                  <Act work={async () => record(await (await ask(location)).text())}>
                    {t('scenarios.begin')}
                    <span class="sr">: {title}</span>
                  </Act>
                </div>
              ))
            }
          </Shown>
        </section>
      </div>
    </>
  );
}

function Drop() {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(file.name);
    setError(null);
    try {
      await record(await contentOf(file));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the file field inside does the same by keyboard */}
      <div
        class={over ? 'droparea over' : 'droparea'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <p>
          <label for="file">
            {t('scenarios.drop')} {t('scenarios.choose')}
          </label>
        </p>
        <input
          id="file"
          type="file"
          accept=".json,.xlsx,.zip"
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <p class="quiet">{t('scenarios.format')}</p>
        {busy !== null && (
          <p class="waiting" role="status">
            {t('scenarios.uploading', { name: busy })}
          </p>
        )}
      </div>
      {error !== null && <Failure error={error} />}
    </>
  );
}

function List({ rows }: { rows: readonly ScenarioRow[] }) {
  return (
    <Table
      label={t('scenarios.recorded')}
      columns={[
        { name: t('scenarios.col.title') },
        { name: t('scenarios.col.size'), n: true },
        { name: t('scenarios.col.plans'), n: true },
        { name: t('scenarios.col.when') },
      ]}
      rows={[...rows].reverse().map((one) => ({
        key: one.seq,
        cells: [
          <Named key="title" one={one} />,
          `${one.regions} × ${one.resources} × ${one.periods}`,
          one.allocations,
          when(one.recorded),
        ],
      }))}
    />
  );
}

function Named({ one: { digest, id, title } }: { one: ScenarioRow }) {
  if (digest === null)
    return (
      <>
        {id} <span class="quiet">{t('scenarios.forgotten')}</span>
      </>
    );
  return (
    <>
      <a href={to(['scenario', digest])}>{title ?? id}</a>
      <div class="quiet">
        {title === null ? '' : `${id} · `}
        {digest.slice(0, 8)}
      </div>
    </>
  );
}
