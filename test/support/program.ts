/**
 * The command line as a person runs it. `programIn` starts a process for every command, which costs a third of a second to a whole
 * one; `readyIn` has one process run one command after the other, for tests of what commands do and say.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from './program-ready.js';

export const PROGRAM = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));

export interface Ran {
  /** Exit status, −1 where a signal ended it. */
  status: number;
  out: string;
  err: string;
}

export type Program = (...args: string[]) => Promise<Ran>;

/** Runs `evenhand …` in a folder, each command in a process of its own. */
export const programIn =
  (folder: string): Program =>
  (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, ...args], { cwd: folder, maxBuffer: 1 << 28 }, (error, out, err) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
      });
    });

let ready: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `evenhand …` in a folder, all commands of a test file in one process (`program-ready.ts`), one after the other. A command is
 * over when nothing keeps its process alive, as it would be in a process of its own. Rejects where a command ends the process itself.
 */
export const readyIn =
  (folder: string): Program =>
  (...args) => {
    const ran = last.then(() => runReady({ program: PROGRAM, folder, args }));
    last = ran.catch(() => undefined);
    return ran;
  };

after(async () => {
  if (ready?.connected !== true) return;
  const ended = once(ready, 'exit');
  ready.disconnect();
  await ended;
});

async function runReady(command: Command): Promise<Ran> {
  if (ready?.connected !== true) ready = fork(fileURLToPath(new URL('program-ready.js', import.meta.url)));
  const child = ready;
  const over = new AbortController();
  try {
    const answer = once(child, 'message', over).then(([ran]) => ran as Ran); // what program-ready.ts sends
    const ended = once(child, 'exit', over).then(([code, signal]) => {
      throw new Error(`'${command.args.join(' ')}' ended the process that runs it: ${code ?? signal}`);
    });
    child.send(command);
    return await Promise.race([answer, ended]);
  } finally {
    over.abort();
  }
}
