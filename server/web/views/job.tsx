/** A solve on its way, told by the server as it happens: stage, proven gap, seconds. */
import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../../problem.js';
import type { JobProgress, JobView } from '../../schemas/job.js';
import { GapChart, type GapPoint } from '../charts/gap.js';
import { ApiError, ask, get } from '../shared/api.js';
import { useLoad } from '../shared/load.js';
import { go, type Route, to } from '../shared/route.js';
import { gapText, num, stageName, t } from '../shared/text.js';
import { Act, Digest, Fact, Failure, Shown, Title } from '../shared/ui.js';

type End =
  | { is: 'done'; allocation?: string; frontier?: string }
  | { is: 'failed'; problem: Problem }
  | { is: 'cancelled' };

export default function Job({ route }: { route: Route }) {
  const id = route.path[1] ?? '';
  const job = useLoad((signal) => get<JobView>(`/jobs/${encodeURIComponent(id)}`, signal), [id]);
  return (
    <>
      <Title title={t('job.title')}>{t('job.title')}</Title>
      <Shown of={job}>
        {(job) => <Following job={job} against={route.query.get('against')} onward={route.query.has('onward')} />}
      </Shown>
    </>
  );
}

function endOf(job: JobView): End | null {
  if (job.state === 'done' && job.result) return { is: 'done', allocation: job.result.allocation };
  if (job.state === 'done' && job.frontier) return { is: 'done', frontier: job.job };
  if (job.state === 'failed' && job.error) return { is: 'failed', problem: job.error };
  return job.state === 'cancelled' ? { is: 'cancelled' } : null;
}

interface FollowingProps {
  job: JobView;
  /** A plan that whoever asked wants to compare the new one with. */
  against: string | null;
  /** Whoever has just asked wants to see the plan as soon as it is there, however soon that is. */
  onward: boolean;
}

function Following({ job, against, onward }: FollowingProps) {
  const [progress, setProgress] = useState<JobProgress | null>(job.progress ?? null);
  const [points, setPoints] = useState<readonly GapPoint[]>([]);
  const [end, setEnd] = useState<End | null>(() => endOf(job));
  const [lost, setLost] = useState(false);
  const [stopping, setStopping] = useState(false);
  useEffect(() => {
    const ended = endOf(job);
    if (ended) {
      if (onward) leave(ended, against);
      return;
    }
    // EventSource connects again by itself, with the id of the last event
    const events = new EventSource(job.events);
    const on = <T,>(name: string, hear: (data: T) => void) =>
      events.addEventListener(name, (event) => {
        setLost(false);
        hear(JSON.parse((event as MessageEvent<string>).data) as T);
      });
    on<JobProgress>('progress', (now) => {
      setProgress(now);
      const { gap, seconds } = now;
      if (gap !== undefined && gap > 0)
        setPoints((before) => (before.at(-1)?.gap === gap ? before : [...before, { seconds, gap }]));
    });
    const finish = (end: End) => {
      events.close();
      setEnd(end);
      if (onward) leave(end, against);
    };
    on<{ allocation?: string; frontier?: string }>('done', (data) =>
      finish({ is: 'done', ...(data.frontier === undefined ? data : { frontier: job.job }) }),
    );
    on<Problem>('failed', (problem) => {
      events.close();
      // an EventSource cannot say which language its reader has chosen
      get<JobView>(job.location)
        .then(endOf, () => null)
        .then((end) => finish(end ?? { is: 'failed', problem }));
    });
    on('cancelled', () => finish({ is: 'cancelled' }));
    events.addEventListener('error', () => setLost(true));
    return () => events.close();
  }, [job.job]);
  const stop = async () => {
    setStopping(true);
    await ask(job.location, { method: 'DELETE' });
  };
  const asked = job.request.gap ?? 1e-4;
  return (
    <>
      <p class="quiet">
        {t('job.for')}{' '}
        <a href={to(['scenario', job.request.scenario])}>
          <Digest of={job.request.scenario} />
        </a>{' '}
        · {t('job.asked', { gap: gapText(asked) })}
      </p>
      {end?.is === 'failed' && <Failure error={new ApiError(end.problem)} />}
      {end?.is === 'cancelled' && (
        <p class="notice warn" role="status">
          {t('job.stopped')} {t('job.stopped.more')}
        </p>
      )}
      {end?.is === 'done' && (
        <div class="notice good" role="status">
          <p>{t('job.done')}</p>
          {end.allocation !== undefined && (
            <a class="button main" href={planLink(end.allocation, against)}>
              {t(against === null ? 'job.open' : 'job.compare')}
            </a>
          )}
          {end.frontier !== undefined && (
            <a class="button main" href={to(['frontier', end.frontier])}>
              {t('job.frontier')}
            </a>
          )}
        </div>
      )}
      <section class="panel">
        <div role="status">
          <Now job={job} progress={progress} end={end} />
        </div>
        {points.length > 1 && <GapChart points={points} asked={asked} />}
        {lost && !end && <p class="notice warn">{t('job.lost')}</p>}
        {!end && (
          <div class="actions">
            <Act work={stop}>{t(stopping ? 'job.stopping' : 'job.stop')}</Act>
          </div>
        )}
      </section>
    </>
  );
}

const planLink = (plan: string, against: string | null) =>
  against === null ? to(['plan', plan]) : to(['compare'], { a: against, b: plan });

/** In place of the job in the history: the way back leads to where it was asked for. */
function leave(end: End, against: string | null): void {
  if (end.is !== 'done') return;
  if (end.allocation !== undefined) go(planLink(end.allocation, against), true);
  else if (end.frontier !== undefined) go(to(['frontier', end.frontier]), true);
}

function Now({ job, progress, end }: { job: JobView; progress: JobProgress | null; end: End | null }) {
  if (progress === null)
    return (
      <p>
        {job.position ? t('job.queued', { n: job.position }) : t(`job.state.${end ? end.is : job.state}`)}
        {job.seconds !== undefined && ` · ${num(job.seconds)} s`}
      </p>
    );
  const { phase, stage, seconds, solver, iterations, gap, done, of, dials } = progress;
  return (
    <>
      <p>
        <strong>{end ? t(`job.state.${end.is}`) : t(`job.phase.${phase}`)}</strong>
        {stage && !end && ` · ${t('job.stage', { name: stageName(stage.name), index: stage.index + 1, of: stage.of })}`}
      </p>
      {done !== undefined && of !== undefined && (
        <>
          <p>{t('job.dials', { done, of })}</p>
          <progress max={of} value={done} aria-label={t('job.dials', { done, of })} />
          <ul>
            {(dials ?? []).map(({ dial, state }) => (
              <li key={dial}>
                {t('job.dial', { dial: String(dial) })}: {t(`job.state.${state === 'waiting' ? 'queued' : state}`)}
              </li>
            ))}
          </ul>
        </>
      )}
      <dl class="facts">
        <Fact name={t('job.seconds')} value={num(seconds, 1)} />
        <Fact name={t('job.gap')} value={gap === undefined ? t('job.gap.none') : gapText(gap)} />
        {solver !== undefined && <Fact name={t('job.solver')} value={solver} />}
        {iterations !== undefined && <Fact name={t('job.iterations')} value={num(iterations)} />}
      </dl>
    </>
  );
}
