/** The command line as a person runs it, in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));

export interface Ran {
  /** Exit status, −1 where a signal ended it. */
  status: number;
  out: string;
  err: string;
}

/** Runs `evenhand …` in a folder. */
export const programIn =
  (folder: string) =>
  (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, ...args], { cwd: folder, maxBuffer: 1 << 28 }, (error, out, err) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
      });
    });
