/** A server from start to stop. */
import { isIPv6 } from 'node:net';
import { closePool } from '../engine/index.js';
import { type AppOptions, buildApp } from './app.js';
import { type Config, ConfigError } from './config.js';
import { openLedger, readPolicyFile, removeServerUrl, writeServerUrl } from './ledger/index.js';
import { isLoopback } from './security.js';

export { type Config, ConfigError, type ConfigOptions, readConfig } from './config.js';

export interface Serving {
  url: string;
  /** What start-up had to say, for people: warnings of the ledger, why it is read-only. */
  notes: string[];
  /** Stops gracefully; the second call waits for the first. */
  close(): Promise<void>;
  /** Resolves once the server has stopped, whoever asked for it. */
  closed: Promise<void>;
}

/**
 * Opens the ledger, listens, and stops gracefully on SIGTERM and SIGINT. Rejects with LedgerHeld or LedgerUnusable
 * where the data directory cannot be had, with the system's error (`code`: EADDRINUSE, …) where the address cannot.
 * Faults of the server are logged to stderr as JSON lines unless another logger is given.
 */
export async function serve(config: Config, options: Pick<AppOptions, 'logger'> = {}): Promise<Serving> {
  const policy = config.witnesses === undefined ? undefined : await readPolicyFile(config.witnesses);
  const { clock } = config;
  const ledger = await openLedger(config.data, { clock, ...(policy ? { witnesses: { policy } } : {}) });
  if (!isLoopback(config.host) && ledger.organisations().length === 0) {
    await ledger.close();
    throw new ConfigError([
      `host is ${JSON.stringify(config.host)}: no organisation is on the record, so everybody who reaches it could submit and adopt; ` +
        `register one first (evenhand org add NAME --data ${config.data}), or listen on 127.0.0.1`,
    ]);
  }
  const app = await buildApp({ ledger, config, logger: { level: 'warn', stream: process.stderr }, ...options }).catch(
    async (error: unknown) => {
      await ledger.close();
      throw error;
    },
  );

  let stopping: Promise<void> | undefined;
  let whenClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    whenClosed = resolve;
  });
  const close = () => {
    stopping ??= stop().finally(whenClosed);
    return stopping;
  };
  const onSignal = () => void close();

  async function stop(): Promise<void> {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    // Whoever is still uploading after the grace is cut off: nothing of it was acknowledged.
    const cut = setTimeout(() => app.server.closeAllConnections(), config.graceSeconds * 1000 + 2000);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
      await removeServerUrl(config.data);
      await ledger.close();
      await closePool();
    }
  }

  try {
    await app.listen({ host: config.host, port: config.port });
    const url = urlOf(config.host, app.server.address());
    await writeServerUrl(config.data, url);
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
    return { url, notes: notesOf(ledger, config), close, closed };
  } catch (error) {
    await close();
    throw error;
  }
}

function notesOf(ledger: { readOnly: string | null; warnings: readonly string[] }, { host }: Config): string[] {
  const notes = [...ledger.warnings];
  if (ledger.readOnly !== null) notes.push(`Nothing can be recorded: ${ledger.readOnly}`);
  if (!isLoopback(host))
    notes.push(
      `Listening on ${host} in plain HTTP: tokens can be read on the way; let a proxy with TLS stand before it.`,
    );
  return notes;
}

/** Where to ask from this machine: a server on all addresses is reached on the loopback one. */
function urlOf(host: string, address: ReturnType<import('node:net').Server['address']>): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
