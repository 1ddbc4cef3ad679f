/** A serving process of its own for the campaigns over HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type ConfigOptions, readConfig } from '../../server/config.js';

const main = new URL('../../server/main.js', import.meta.url).href;

export interface Served {
  url: string;
  port: number;
  /** Resident memory in megabytes; undefined where the system does not tell. */
  memory(): Promise<number | undefined>;
  /** SIGTERM; resolves with the exit status. */
  stop(): Promise<number | null>;
}

export async function startServed(data: string, options: ConfigOptions = {}): Promise<Served> {
  const settings = JSON.stringify({ port: 0, graceSeconds: 0.1, rate: 0, ...options, data });
  const program = `
    import { readConfig, serve } from ${JSON.stringify(main)};
    const { url, closed } = await serve(readConfig(${settings}, {}));
    console.log(url);
    await closed;`;
  readConfig({ ...options, data }, {});
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), exit]);
  const url = String(first[0]).trim();
  if (!url.startsWith('http')) throw new Error(`the server ended with ${url}`);
  return {
    url,
    port: Number(new URL(url).port),
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exit;
      return code;
    },
  };
}

export async function postJson(url: string, body: unknown): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
