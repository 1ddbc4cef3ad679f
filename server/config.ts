/** What can be set when a server starts: explicit options first, then the environment, then the defaults. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

const MIB = 1024 * 1024;

const fields = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('address to listen on; only this machine by default'),
  port: z.coerce.number().int().min(0).max(65_535).default(8080).describe('0 takes a free port'),
  data: z.string().min(1).default('data').describe('directory of the ledger and the jobs'),
  witnesses: z.string().min(1).optional().describe('file with witnesses and their quorum (C2SP tlog-policy)'),
  rate: z.coerce
    .number()
    .int()
    .min(0)
    .max(1e9)
    .default(1200)
    .describe('requests a minute from one address; 0: no limit'),
  bodyLimit: z
    .int()
    .min(1024)
    .default(64 * MIB)
    .describe('bytes of a body, before and after decompression'),
  concurrency: z
    .int()
    .min(1)
    .default(Math.max(1, availableParallelism() - 1))
    .describe('solves at a time'),
  queueLimit: z.int().min(0).default(256).describe('jobs that may wait'),
  explainLimit: z.int().min(1).default(16).describe('explanations under way and waiting'),
  explainWaitSeconds: z.number().min(0).default(20).describe('time that somebody waits for an explanation before 202'),
  keepJobs: z.int().min(1).default(1000).describe('finished jobs that stay readable'),
  keepDays: z.number().positive().default(30).describe('days for which they do'),
  eventStreams: z.int().min(1).default(1000).describe('connections that may follow jobs'),
  heartbeatSeconds: z.number().positive().default(15).describe('silence after which a stream sends a comment'),
  connections: z.int().min(1).default(15_000).describe('open connections, fewer where the system allows fewer files'),
  headerSeconds: z.number().positive().default(20).describe('time in which the headers of a request must have come'),
  bodySeconds: z.number().positive().default(120).describe('time in which all of a request must have come'),
  escalateSeconds: z.number().positive().default(60).describe('time between two looks for reports that are overdue'),
  clock: z
    .custom<() => number>((value) => typeof value === 'function')
    .default(() => Date.now)
    .describe('milliseconds since 1970; tests move it'),
  graceSeconds: z.number().min(0).default(5).describe('time that running solves get to end when the server stops'),
});

export type Config = z.output<typeof fields>;

/** The part of the settings that a caller states; what is left out comes from the environment or the defaults. */
export type ConfigOptions =
  | Partial<Config>
  | { host?: string; port?: number | string; data?: string; rate?: number | string };

export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`the server cannot start with these settings:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const FROM_ENVIRONMENT = {
  host: 'EVENHAND_HOST',
  port: 'EVENHAND_PORT',
  data: 'EVENHAND_DATA',
  witnesses: 'EVENHAND_WITNESSES',
  rate: 'EVENHAND_RATE',
} as const;

/** Settings with nothing left out. Throws a ConfigError that names each option or variable at fault. */
export function readConfig(options: ConfigOptions = {}, environment: NodeJS.ProcessEnv = process.env): Config {
  const raw: Record<string, unknown> = {};
  const source = new Map<PropertyKey, string>();
  for (const [field, variable] of Object.entries(FROM_ENVIRONMENT)) {
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    raw[field] = value;
    source.set(field, variable);
  }
  for (const [field, value] of Object.entries(options)) {
    if (value === undefined) continue;
    raw[field] = value;
    source.set(field, field);
  }
  const parsed = fields.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const field = issue.path[0];
      if (field === undefined) return issue.message;
      return `${source.get(field) ?? String(field)} is ${JSON.stringify(raw[String(field)])}: ${issue.message}`;
    }),
  );
}
