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

export async function openSite(): Promise<Site> {
  const dir = await makeDir();
  const server: Serving = await serve(readConfig({ port: 0, rate: 0, graceSeconds: 0, data: dir }, {}));
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ARGS });
  return {
    url: server.url,
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
        // an answer that is a problem, and a network that is cut, are logged by the browser itself
        if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
          seen.wrong.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== server.url && protocol.startsWith('http')) seen.wrong.push(`request to ${origin}`);
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
