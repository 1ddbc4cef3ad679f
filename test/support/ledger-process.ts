/** A ledger in a process of its own, to be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** Lines `seq digest`, one for each acknowledgement so far. */
  lines: string[];
  /** Waits until so many were acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** SIGKILL, and the end of its output. */
  kill(): Promise<void>;
}

export async function startChild(dir: string, clients: number, quiet = false): Promise<Child> {
  const program = fileURLToPath(new URL('ledger-child.js', import.meta.url));
  const child = spawn(process.execPath, [program, dir, String(clients)], {
    stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return {
    lines,
    async acknowledged(count) {
      while (lines.length < count) {
        if (child.exitCode !== null) throw new Error(`the child ended with ${child.exitCode}`);
        await sleep(5);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
