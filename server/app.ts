/** The HTTP API as one fastify instance that does not listen yet, so that tests and pages can ask it directly. */
import { join } from 'node:path';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { wording } from '../scenarios/wording.js';
import { authenticate } from './auth.js';
import { openBeside } from './beside/beside.js';
import { readBodies } from './body.js';
import { openCatalogue } from './catalogue.js';
import type { Config } from './config.js';
import { boundConnections, connectionOptions } from './connections.js';
import type { Context } from './context.js';
import { asProblem } from './errors.js';
import { openExplanations } from './explanations.js';
import { gzipAnswers } from './gzip.js';
import { openJobs } from './jobs/queue.js';
import { openJobStore } from './jobs/store.js';
import { speakTo } from './languages/asked.js';
import { catalogueOf, LANGUAGES } from './languages/languages.js';
import type { LocalLedger } from './ledger/index.js';
import { createMetrics, timeRequests } from './metrics.js';
import { describeApi } from './openapi.js';
import { openPacker } from './packed/packer.js';
import { ProblemError, problemBody } from './problem.js';
import { createReader } from './reading/reader.js';
import { openEscalations } from './reports/escalations.js';
import { openPhotos } from './reports/photos.js';
import { openRegister } from './reports/register.js';
import type { Trace } from './reports/tracing.js';
import { adoptionRoutes } from './routes/adoptions.js';
import { allocationRoutes } from './routes/allocations.js';
import { amendmentRoutes } from './routes/amendments.js';
import { caseRoutes } from './routes/cases.js';
import { comparisonRoutes } from './routes/comparisons.js';
import { declarationRoutes } from './routes/declarations.js';
import { explanationRoutes } from './routes/explanations.js';
import { frontierRoutes } from './routes/frontiers.js';
import { healthRoutes } from './routes/health.js';
import { homeRoutes } from './routes/home.js';
import { jobRoutes } from './routes/jobs.js';
import { ledgerRoutes } from './routes/ledger.js';
import { organisationRoutes } from './routes/organisations.js';
import { pageRoutes } from './routes/page.js';
import { photoRoutes } from './routes/photos.js';
import { planRoutes } from './routes/plans.js';
import { reportRoutes } from './routes/reports.js';
import { scenarioRoutes } from './routes/scenarios.js';
import { traceRoutes } from './routes/traces.js';
import { compileValidator } from './scenariobody.js';
import { secure } from './security.js';
import { createStreams } from './sse.js';
import { openTurns } from './turns.js';

export interface AppOptions {
  ledger: LocalLedger;
  config: Config;
  /** As fastify takes it; silent where absent. */
  logger?: FastifyServerOptions['logger'];
}

const ROUTES = [
  homeRoutes,
  pageRoutes,
  caseRoutes,
  scenarioRoutes,
  allocationRoutes,
  planRoutes,
  frontierRoutes,
  explanationRoutes,
  comparisonRoutes,
  adoptionRoutes,
  reportRoutes,
  photoRoutes,
  amendmentRoutes,
  declarationRoutes,
  traceRoutes,
  jobRoutes,
  ledgerRoutes,
  organisationRoutes,
  healthRoutes,
];

/**
 * Builds the API over an open ledger and starts on the jobs that an earlier process left. Closing it gives running
 * jobs their grace and leaves the rest on disk; the ledger stays open, as it is the caller's.
 */
export async function buildApp({ ledger, config, logger }: AppOptions): Promise<FastifyInstance> {
  // A catalogue that cannot be read is found now, and not by the first who is told what is wrong.
  for (const language of LANGUAGES) if (language !== 'en') catalogueOf(language);
  const app: FastifyInstance = Fastify({
    logger: logger ?? false,
    // Bodies have their own reader and limit; this one only guards a parser that is not there.
    bodyLimit: config.bodyLimit,
    ...connectionOptions(config),
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  boundConnections(app.server, config.connections);
  app.setValidatorCompiler(compileValidator);
  // Answers are ours, and large ones were checked when they were made; tests hold them against the document.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler(answerError);
  readBodies(app, config.bodyLimit);

  const metrics = createMetrics();
  timeRequests(app, metrics);
  gzipAnswers(app);
  await secure(app, config);
  authenticate(app, ledger, config.data);
  await describeApi(app);
  const limit = config.rate > 0 ? { preHandler: app.rateLimit() } : {};
  app.setNotFoundHandler(limit, ({ method, url }) => {
    throw new ProblemError('not-found', wording`There is no ${method} ${url} here; GET / has the addresses.`);
  });

  const store = await openJobStore(join(config.data, 'jobs'));
  const { concurrency, queueLimit, keepJobs, keepDays } = config;
  const { log } = app;
  const onFinish = metrics.observeJob;
  const jobs = await openJobs({ ledger, store, concurrency, queueLimit, keepJobs, keepDays, log, onFinish });
  const streams = createStreams(config.eventStreams, config.heartbeatSeconds * 1000);
  const reader = createReader();
  const beside = openBeside();
  const packer = openPacker(ledger, beside);
  const explanations = openExplanations({
    ledger,
    threads: concurrency,
    limit: config.explainLimit,
    waitSeconds: config.explainWaitSeconds,
    log,
  });
  const traces = openTurns<Trace>({
    ...{
      what: wording`traces`,
      limit: config.explainLimit,
      waitSeconds: config.explainWaitSeconds,
    },
    failed: (err, report) => log.error({ err, report }, 'a trace failed'),
  });
  const { clock, escalateSeconds: everySeconds } = config;
  const photos = openPhotos(join(config.data, 'photos'), clock);
  const register = openRegister(ledger, clock);
  const escalations = openEscalations({ ledger, register, clock, everySeconds, log });
  metrics.watch(ledger, jobs);
  app.addHook('preClose', async () => {
    await escalations.close();
    // nobody loses anything by it: what was not answered is asked again
    await Promise.all([explanations.close(), traces.close()]);
    await jobs.close(config.graceSeconds);
    streams.closeAll();
  });

  app.addHook('onClose', async () => {
    await Promise.all([reader.close(), beside.close()]);
  });

  const catalogue = openCatalogue(ledger);
  const shared = { config, ledger, jobs, metrics, streams, reader, beside, packer };
  const context: Context = { ...shared, explanations, traces, register, photos, catalogue };
  for (const routes of ROUTES) await app.register(routes, context);
  await app.ready();
  return app;
}

async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const problem = asProblem(error);
  // A burst that is sent away must not fill the log as well.
  if (problem.status >= 500 && problem.kind !== 'overloaded' && problem.kind !== 'stopping')
    request.log.error({ err: error }, 'a request failed');
  else request.log.info({ kind: problem.kind, detail: problem.message }, 'a request was refused');
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  // The rest of a body that nobody reads must not be taken for the next request.
  if (problem.status === 413) reply.header('connection', 'close');
  const body = JSON.stringify(problemBody(problem.said, speakTo(request, reply), request.url));
  await reply.code(problem.status).type('application/problem+json').header('cache-control', 'no-store').send(body);
}
