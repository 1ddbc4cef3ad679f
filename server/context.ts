/** What every route may need; passed in, so that nothing is global. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Beside } from './beside/beside.js';
import type { Catalogue } from './catalogue.js';
import type { Config } from './config.js';
import type { Explanations } from './explanations.js';
import type { Jobs } from './jobs/queue.js';
import type { LocalLedger } from './ledger/index.js';
import type { Metrics } from './metrics.js';
import type { Packer } from './packed/packer.js';
import type { Reader } from './reading/reader.js';
import type { Photos } from './reports/photos.js';
import type { Register } from './reports/register.js';
import type { Trace } from './reports/tracing.js';
import type { Streams } from './sse.js';
import type { Turns } from './turns.js';

export interface Context {
  config: Config;
  ledger: LocalLedger;
  jobs: Jobs;
  metrics: Metrics;
  streams: Streams;
  reader: Reader;
  beside: Beside;
  packer: Packer;
  explanations: Explanations;
  traces: Turns<Trace>;
  register: Register;
  photos: Photos;
  catalogue: Catalogue;
}

/** The routes of one resource. */
export type Routes = FastifyPluginAsyncZod<Context>;
