/**
 * Collects the witnesses' cosignatures in the background: receipts are given at once as "logged" and become "witnessed"
 * once the quorum has signed a checkpoint that covers them. Nobody waits for a witness.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { toBase64 } from './bytes.js';
import { openCheckpoint } from './checkpoint.js';
import { formatConsistency } from './consistency.js';
import { cosignedAt } from './cosignature.js';
import { verifyEd25519 } from './ed25519.js';
import { readIfThere, replaceFile } from './files.js';
import type { Log, Published } from './log.js';
import { consistencyRanges } from './merkle.js';
import { messageOf } from './messages.js';
import { type NoteKey, parseVerifierKey } from './note.js';
import { cosignersOf, meetsQuorum, type TlogPolicy } from './policy.js';
import { rangeHashes } from './tree.js';

export interface CosigningOptions {
  policy: TlogPolicy;
  /** How often there is a look for a new checkpoint; default 1 s. */
  everyMs?: number;
  /** How long a witness may take; default 10 s. */
  timeoutMs?: number;
}

export interface Cosigning {
  /** Stops asking; what is under way is given up. */
  close(): Promise<void>;
}

interface Asked {
  name: string;
  key: NoteKey;
  url: URL;
  /** Size of the newest checkpoint that this witness is known to have cosigned. */
  size: number;
  failures: number;
  /** performance.now() before which it is left alone. */
  notBefore: number;
}

/** A witness that fails is asked again after 1, 2, 4 … 64 seconds. */
const maxBackoff = 6;

/** Takes up the witnessed checkpoint of an earlier run and goes on collecting. */
export async function startCosigning(log: Log, options: CosigningOptions): Promise<Cosigning> {
  const { policy, everyMs = 1000, timeoutMs = 10_000 } = options;
  const witnesses = [...policy.witnesses].flatMap(([name, { key, url }]): Asked[] =>
    url === null ? [] : [{ name, key, url: submission(url), size: 0, failures: 0, notBefore: 0 }],
  );
  const stop = new AbortController();
  await resume(log, policy);

  async function round(target: Published): Promise<void> {
    const lines = new Map<string, string>();
    await Promise.all(
      witnesses.map(async (witness) => {
        if (performance.now() < witness.notBefore) return;
        const line = await ask(log, witness, target, timeoutMs, stop.signal);
        witness.failures = line === undefined ? witness.failures + 1 : 0;
        witness.notBefore =
          line === undefined ? performance.now() + 1000 * 2 ** Math.min(witness.failures - 1, maxBackoff) : 0;
        if (line === undefined || stop.signal.aborted) return;
        lines.set(witness.name, line);
        // At each answer, not at the end of the round: a dead witness must not hold up a quorum of the others.
        if (meetsQuorum(policy, new Set(lines.keys())))
          await keepWitnessed(log, { ...target, note: target.note + [...lines.values()].join('') });
      }),
    );
  }

  async function run(): Promise<void> {
    let done: Published | undefined;
    while (!stop.signal.aborted) {
      const target = log.published;
      if (target.size > 0 && target !== done) {
        await round(target).catch((error: unknown) => warn(log, `cosignatures cannot be kept: ${messageOf(error)}`));
        if (log.witnessed?.size === target.size) done = target;
      }
      await sleep(everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  }

  const running = witnesses.length > 0 ? run() : Promise.resolve();
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

/** `add-checkpoint` below the submission prefix. */
function submission(prefix: string): URL {
  return new URL('add-checkpoint', prefix.endsWith('/') ? prefix : `${prefix}/`);
}

// Two answers of one round write the same file: in turn, the fuller note last.
async function keepWitnessed(log: Log, witnessed: Published): Promise<void> {
  const turn = (log.witnessing ?? Promise.resolve()).then(async () => {
    await replaceFile(log.paths.witnessed, witnessed.note);
    log.witnessed = witnessed;
  });
  log.witnessing = turn.catch(() => undefined);
  await turn;
}

/** The witnessed checkpoint on the disk counts where log and quorum signed it and the log still continues it. */
async function resume(log: Log, policy: TlogPolicy): Promise<void> {
  const note = await readIfThere(log.paths.witnessed);
  const key = parseVerifierKey(log.verifierKey);
  const checkpoint = note !== undefined && key ? await openCheckpoint(note, key, verifyEd25519) : undefined;
  if (note === undefined || !checkpoint) return;
  if (!meetsQuorum(policy, await cosignersOf(policy, note, verifyEd25519))) return;
  const { size, root } = checkpoint;
  const [now] = size <= log.tree.size ? await rangeHashes(log.tree, [[0, size]]) : [];
  if (now && toBase64(now) === toBase64(root)) log.witnessed = { size, root, note };
  else warn(log, `the witnesses cosigned another history of ${size} entries than the one in this directory`);
}

/** The witness's line for the target, verified; undefined where there is none to be had now. */
async function ask(
  log: Log,
  witness: Asked,
  target: Published,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    // Twice: it may know another size than we remember, and says so.
    for (let attempt = 0; attempt < 2; attempt++) {
      const path = await rangeHashes(log.tree, consistencyRanges(witness.size, target.size));
      const response = await fetch(witness.url, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: formatConsistency({ old: witness.size, path, checkpoint: target.note }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const body = await response.text();
      if (response.status === 200) return await accept(witness, target, body);
      if (response.status === 409 && /^text\/x\.tlog\.size\b/.test(response.headers.get('content-type') ?? '')) {
        const size = /^(0|[1-9]\d*)\n$/.test(body) ? Number(body) : Number.NaN;
        if (Number.isSafeInteger(size) && size < target.size && size !== witness.size) {
          witness.size = size;
          continue;
        }
        // It is a newer checkpoint of ours that a quicker round has brought it.
        if (size <= log.published.size && size > target.size) return undefined;
        warn(
          log,
          `witness ${witness.name} refuses: it has cosigned ${body.trim()} entries, this log has ${target.size}`,
        );
        return undefined;
      }
      warn(log, `witness ${witness.name} refuses (${response.status}): ${body.trim().slice(0, 200)}`);
      return undefined;
    }
  } catch {
    // Unreachable or too slow: that is what the quorum is for. It is asked again later.
  }
  return undefined;
}

async function accept(witness: Asked, target: Published, body: string): Promise<string | undefined> {
  for (const line of body.split('\n').slice(0, 100)) {
    if ((await cosignedAt(`${target.note}${line}\n`, witness.key, verifyEd25519)) === undefined) continue;
    witness.size = target.size;
    return `${line}\n`;
  }
  return undefined;
}

function warn(log: Log, warning: string): void {
  if (!log.warnings.includes(warning) && log.warnings.length < 100) log.warnings.push(warning);
}
