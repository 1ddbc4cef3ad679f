/** `evenhand mirror`: follows a log, believes nothing, and serves what it has. */
import { CHECKS } from '../checks.js';
import { SourceError } from '../ledger/source.js';
import { MirrorFault, openMirror } from '../mirror/index.js';
import { InputError } from './input.js';
import { certificatesHold } from './text.js';

export interface MirrorFlags {
  data?: string;
  /** The log's verifier key as it is known. */
  key?: string;
  /** Port to serve reads at. */
  serve?: string;
  host?: string;
  /** Seconds between two looks. */
  every?: string;
  once: boolean;
}

/** Exit status 1 where the log is at fault, 2 where it cannot be read at the first try. */
export async function mirrorCommand(url: string, flags: MirrorFlags): Promise<number> {
  if (!/^https?:\/\//.test(url)) throw new InputError(`mirror ${url}: expected the URL of a server`);
  const every = Number(flags.every ?? 10);
  if (!(every > 0 && every <= 86_400)) throw new InputError(`--every ${flags.every}: expected 1 to 86400 seconds`);
  const dir = flags.data ?? 'mirror';
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new InputError('stopped; what was verified is kept'));
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  try {
    return await run(url, dir, every, flags, stop.signal);
  } catch (error) {
    if (error instanceof MirrorFault) {
      for (const { seq, kind, what } of error.faults)
        console.log(`✗ ${seq === null ? 'log' : `entry ${seq}`} (${kind}): ${what}`);
      console.log(`✗ ${error.message}`);
      if (error.conflict) console.log(`  Both signed notes are kept: evenhand evidence ${dir}`);
      return 1;
    }
    if (error instanceof SourceError) throw new InputError(error.message);
    throw error;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  }
}

async function run(url: string, dir: string, every: number, flags: MirrorFlags, signal: AbortSignal): Promise<number> {
  const told = process.stderr.isTTY;
  const mirror = await openMirror({
    ...{ dir, url, signal, ...CHECKS },
    ...(flags.key === undefined ? {} : { trustedKey: flags.key }),
    onProgress: ({ phase, done, of }) => {
      if (told)
        process.stderr.write(`\r${phase === 'own' ? 'checking what is held' : 'mirroring'}: ${done} of ${of}   `);
      if (told && done === of) process.stderr.write('\n');
    },
  });
  let stopServing = async (): Promise<void> => {};
  try {
    const say = (fresh: number): void =>
      console.log(`✓ ${fresh} new, ${mirror.ledger.size()} entries; ${certificatesHold(mirror.certificates())}.`);
    say(await mirror.follow());
    if (flags.key === undefined) console.error(`The log's key, taken from ${url}: ${mirror.verifierKey}\nCompare it.`);
    if (flags.once) return 0;
    if (flags.serve !== undefined) stopServing = await serveReads(mirror.ledger, dir, flags);
    for (;;) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, every * 1000);
        signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
      });
      if (signal.aborted) return 0;
      try {
        const fresh = await mirror.follow();
        if (fresh > 0) say(fresh);
      } catch (error) {
        if (signal.aborted) return 0;
        // A log that is away for a while is no fault: what there is goes on being served.
        if (!(error instanceof SourceError)) throw error;
        console.error(`Note: ${error.message}; next try in ${every} s.`);
      }
    }
  } finally {
    await stopServing();
    await mirror.ledger.close();
  }
}

async function serveReads(
  ledger: Awaited<ReturnType<typeof openMirror>>['ledger'],
  dir: string,
  { serve, host }: MirrorFlags,
): Promise<() => Promise<void>> {
  const [{ buildApp }, { readConfig }] = await Promise.all([import('../app.js'), import('../config.js')]);
  const config = readConfig({ data: dir, port: serve ?? '0', ...(host === undefined ? {} : { host }) });
  const app = await buildApp({ ledger, config, logger: { level: 'warn', stream: process.stderr } });
  const address = await app.listen({ host: config.host, port: config.port });
  console.error(`The mirror serves reads at ${address}.`);
  return async () => {
    await app.close();
  };
}
