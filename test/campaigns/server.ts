/** A serving process of its own for the campaigns over HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type ConfigOptions, readConfig } from '../../server/config.js';

const main = new URL('../../server/main.js', import.meta.url).href;

export interface Served {
  url: string;
  port: number;
  /**
   * Memory of its own in megabytes, and beside it the pages of files that it has mapped: LevelDB maps its tables, which the system takes
   * back when it needs them. Undefined where the system does not tell.
   */
  memory(): Promise<{ own: number; mapped: number } | undefined>;
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
      const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
      const [own, mapped] = [megabytes('RssAnon'), megabytes('RssFile')];
      return Number.isNaN(own + mapped) ? undefined : { own, mapped };
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
