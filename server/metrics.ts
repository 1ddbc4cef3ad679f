/** Figures for Prometheus; each server has its own registry, so several can live in one process. */
import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';
import type { Jobs } from './jobs/queue.js';
import type { FinalState } from './jobs/record.js';
import type { Ledger } from './ledger/index.js';

export interface Metrics {
  registry: Registry;
  observeJob(state: FinalState, seconds: number): void;
  /** Adds the figures that are read when somebody asks for them. */
  watch(ledger: Ledger, jobs: Jobs): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const solve = new Histogram({
    name: 'evenhand_job_seconds',
    help: 'Seconds from the start of a job to its end, by outcome',
    labelNames: ['state'],
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
    registers,
  });
  return {
    registry,
    observeJob: (state, seconds) => solve.observe({ state }, seconds),
    watch(ledger, jobs) {
      gauge('evenhand_ledger_entries', 'Entries in the ledger', () => ledger.size());
      gauge('evenhand_ledger_read_only', '1 where the ledger refuses to append', () =>
        ledger.readOnly === null ? 0 : 1,
      );
      gauge('evenhand_queue_length', 'Jobs that wait', () => jobs.counts().queued);
      gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
      new Gauge({
        name: 'evenhand_jobs',
        help: 'Jobs that are known, by state',
        labelNames: ['state'],
        registers,
        collect() {
          for (const [state, count] of Object.entries(jobs.counts())) this.set({ state }, count);
        },
      });
    },
  };

  function gauge(name: string, help: string, value: () => number) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}

/** Times every answer under the pattern of its route, never its address: labels must stay few. */
export function timeRequests(app: FastifyInstance, { registry }: Metrics): void {
  const duration = new Histogram({
    name: 'evenhand_http_seconds',
    help: 'Seconds from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5, 30],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
}
