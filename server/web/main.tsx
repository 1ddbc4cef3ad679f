/** The planner's page: a shell of landmarks, and one view at a time by the address. */
import { type ComponentType, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Access } from './shared/access.js';
import { get } from './shared/api.js';
import { useLoad } from './shared/load.js';
import { type Route, to, useRoute } from './shared/route.js';
import { LANGUAGES, type Language, setLanguage, startLanguage, t, useLanguage } from './shared/text.js';
import { nextTheme, startTheme, useTheme } from './shared/theme.js';
import { Failure } from './shared/ui.js';
import './style.css';

type View = ComponentType<{ route: Route }>;

/** By the first part of the address; each comes when it is opened. */
const VIEWS: Record<string, () => Promise<{ default: View }>> = {
  '': () => import('./views/scenarios.js'),
  scenario: () => import('./views/scenario.js'),
  job: () => import('./views/job.js'),
  plan: () => import('./views/plan.js'),
  compare: () => import('./views/compare.js'),
  frontier: () => import('./views/frontier.js'),
  why: () => import('./views/why.js'),
  brief: () => import('./views/brief.js'),
  reports: () => import('./views/reports.js'),
  report: () => import('./views/report.js'),
  field: () => import('./views/field.js'),
  record: () => import('./views/record.js'),
};

/** Which entry of the navigation a view belongs to. */
const PLACE: Record<string, string> = {
  '': '',
  scenario: '',
  job: '',
  plan: '',
  why: '',
  brief: '',
  frontier: 'compare',
  report: 'reports',
  field: 'reports',
};

function Shell() {
  const route = useRoute();
  const language = useLanguage();
  const [name = ''] = route.path;
  const here = PLACE[name] ?? name;
  return (
    <div key={language} class="shell">
      <button type="button" class="skip" onClick={skip}>
        {t('skip')}
      </button>
      <header>
        <a class="brand" href="#/">
          <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
            <rect width="32" height="32" rx="7" class="brand-ground" />
            <path d="M7 11h18M7 21h18" class="brand-bars" />
          </svg>
          Evenhand
        </a>
        <nav aria-label={t('nav')}>
          <Tab place="" here={here} text={t('nav.scenarios')} />
          <Tab place="compare" here={here} text={t('nav.compare')} />
          <Tab place="reports" here={here} text={t('nav.reports')} />
          <Tab place="record" here={here} text={t('nav.record')} />
        </nav>
        <Settings language={language} />
      </header>
      <main id="main" tabIndex={-1}>
        <Opened name={name} route={route} />
      </main>
      <footer>
        <Where />
      </footer>
    </div>
  );
}

/** No link: the address is the state of the page. */
function skip(): void {
  document.getElementById('main')?.focus();
}

function Tab({ place, here, text }: { place: string; here: string; text: string }) {
  return (
    <a href={to(place === '' ? [] : [place])} aria-current={place === here ? 'page' : undefined}>
      {text}
    </a>
  );
}

function Settings({ language }: { language: Language }) {
  const theme = useTheme();
  return (
    <div class="settings">
      <Access />
      <label class="sr" for="language">
        {t('language')}
      </label>
      <select id="language" value={language} onChange={(e) => void setLanguage(e.currentTarget.value as Language)}>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="icon"
        onClick={nextTheme}
        aria-label={t(`theme.${theme}`)}
        title={t(`theme.${theme}`)}
      >
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <circle cx="10" cy="10" r="7" class="theme-ring" />
          <path
            d={theme === 'dark' ? 'M10 3a7 7 0 0 1 0 14a7 7 0 0 1 0-14z' : 'M10 3a7 7 0 0 1 0 14z'}
            class={theme === 'light' ? 'theme-none' : 'theme-half'}
          />
        </svg>
      </button>
    </div>
  );
}

function Opened({ name, route }: { name: string; route: Route }) {
  const [opened, setOpened] = useState<{ name: string; View: View } | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    setError(null);
    const load = VIEWS[name];
    if (!load) setError(new Error(t('error.address')));
    else
      load().then(
        ({ default: View }) => current && setOpened({ name, View }),
        (thrown: unknown) => current && setError(thrown),
      );
    return () => {
      current = false;
    };
  }, [name]);
  if (error !== null) return <Failure error={error} />;
  if (opened === null || opened.name !== name) return <p class="quiet waiting">{t('loading')}</p>;
  // another document is another view: nothing of the one before stays
  return <opened.View key={route.path.join('/')} route={route} />;
}

/** Which server and log this is. */
function Where() {
  const home = useLoad((signal) => get<{ version: string; log: string }>('/', signal), []);
  return (
    <p class="quiet">
      {home.value && (
        <>
          Evenhand {home.value.version} · {t('footer.log')} <code>{home.value.log}</code> ·{' '}
        </>
      )}
      <a href="/docs">{t('footer.api')}</a>
    </p>
  );
}

startTheme();
await startLanguage();
const page = document.getElementById('page');
if (page) render(<Shell />, page);
// keeps the page at hand where there is no network; browsers have it in secure contexts and on this machine only
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js').catch(() => {});
