/** A real browser on a real server: Debian's Chromium, driven by playwright-core, which brings none of its own. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { readConfig } from '../../server/config.js';
import { type Serving, serve } from '../../server/main.js';
import { makeDir } from './http.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser is; undefined where there is none. */
export const browserPath = PLACES.find((path) => existsSync(path));

/** Said by tests that did not run. */
export const NO_BROWSER = `did not run: there is no Chromium at ${PLACES.join(', ')} (apt-get install chromium)`;

const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export interface Seen {
  /** Violations of the content security policy, errors of the page, requests to another host. */
  wrong: string[];
}

export interface Site {
  url: string;
  dir: string;
  browser: Browser;
  /** A new page in a context of its own; what goes wrong on it is noted. */
  open(options?: BrowserContextOptions): Promise<{ page: Page; seen: Seen }>;
  close(): Promise<void>;
}

/** A name that browsers take for another machine: plain http there is no secure context. */
const FAR = 'relief.test';

export interface SiteOptions {
  /** The server as seen from another machine: over plain http, without WebCrypto. It then wants an organisation on the record. */
  far?: boolean;
  /** What is on the record before the server starts. */
  prepare?: (dir: string) => Promise<void>;
}

export async function openSite({ far = false, prepare }: SiteOptions = {}): Promise<Site> {
  const dir = await makeDir();
  await prepare?.(dir);
  const host = far ? { host: '0.0.0.0' } : {};
  // one solve at a time, so that it is known which of two waits
  const settings = { port: 0, rate: 0, graceSeconds: 0, concurrency: 1 };
  const server: Serving = await serve(readConfig({ ...settings, data: dir, ...host }, {}));
  const args = far ? [...ARGS, `--host-resolver-rules=MAP ${FAR} 127.0.0.1`] : ARGS;
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args });
  const url = far ? `http://${FAR}:${new URL(server.url).port}` : server.url;
  return {
    url,
    dir,
    browser,
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      const page = await context.newPage();
      const seen: Seen = { wrong: [] };
      await page.addInitScript(
        "addEventListener('securitypolicyviolation', (e) => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))",
      );
      page.on('pageerror', (error) => seen.wrong.push(`error: ${error.message}`));
      page.on('console', (message) => {
        // an answer that is a problem, a network that is cut, and plain http are logged by the browser itself
        if (message.type() === 'error' && !/Failed to load resource|ERR_|origin was untrustworthy/.test(message.text()))
          seen.wrong.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== url && protocol.startsWith('http')) seen.wrong.push(`request to ${origin}`);
      });
      return { page, seen };
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
