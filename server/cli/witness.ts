/** `evenhand witness` and `evenhand evidence`. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Conflict, parseConflicts, readConflicts } from '../ledger/conflicts.js';
import { messageOf } from '../ledger/messages.js';
import { serveWitness } from '../witness/serve.js';
import { InputError } from './input.js';

export interface WitnessFlags {
  logs: string[];
  name?: string;
  port?: string;
  host?: string;
  data?: string;
}

/** Runs a witness until it is told to stop. */
export async function witnessCommand(flags: WitnessFlags): Promise<number> {
  const port = Number(flags.port ?? 8081);
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new InputError(`--port ${flags.port}: expected a number from 0 to 65535`);
  const witness = await serveWitness({
    dir: flags.data ?? 'witness',
    port,
    logs: flags.logs,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
  });
  const watched = witness.logs.length ? witness.logs.join(', ') : 'no log yet: add one with --log KEY';
  console.error(`The witness listens at ${witness.url} and watches ${watched}.`);
  console.error(`Line for the policy of a log:\n  witness NAME ${witness.verifierKey} ${witness.url}`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve()).once('SIGINT', () => resolve());
  });
  await witness.close();
  return 0;
}

const meaning: Record<Conflict['kind'], string> = {
  fork: 'one size, two roots: these two notes alone prove that the log told two histories',
  inconsistent:
    'no proof that the second continues the first was given: ask the log for one; where it has none, it forked',
  rollback: 'a smaller tree shown after a larger one: a rewritten history, an old backup, or somebody’s replay',
};

/** Prints what a witness, a mirror or a server keeps against a log. Exit status 1 where there is anything. */
export async function evidenceCommand(target: string, json: boolean): Promise<number> {
  const conflicts = /^https?:\/\//.test(target) ? await download(target) : await fromDirectory(target);
  if (json) console.log(JSON.stringify(conflicts, null, 2));
  else {
    for (const { kind, log, seen, kept, shown } of conflicts)
      console.log(`✗ ${kind} of ${log}, seen ${seen}: ${meaning[kind]}\n\nkept:\n${kept}\nshown:\n${shown}`);
    console.log(
      conflicts.length
        ? `✗ ${conflicts.length} pair${conflicts.length === 1 ? '' : 's'} of signed notes. Give them to whoever relies on the log.`
        : '✓ no evidence against any log.',
    );
  }
  return conflicts.length ? 1 : 0;
}

async function fromDirectory(dir: string): Promise<Conflict[]> {
  const there = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!there) throw new InputError(`${dir}: there is no such directory; name that of a witness, a mirror or a ledger`);
  return await readConflicts(join(dir, 'conflicts'));
}

async function download(url: string): Promise<Conflict[]> {
  const address = new URL('evidence', url.endsWith('/') ? url : `${url}/`);
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) throw new InputError(`${address} answers ${response.status} ${response.statusText}`);
    return parseConflicts(await response.json());
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${address} cannot be read: ${messageOf(error)}`);
  }
}
