/** What a dishonest keeper of the log can do: change entries, link them anew and sign a new checkpoint. */
import { toHex, utf8 } from '../../server/ledger/bytes.js';
import { canonicalText } from '../../server/ledger/canonical.js';
import { checkpointText } from '../../server/ledger/checkpoint.js';
import { chainHash, leafHash } from '../../server/ledger/digest.js';
import type { KnownEntry } from '../../server/ledger/entry.js';
import { addLeaf, emptyFrontier, frontierRoot } from '../../server/ledger/frontier.js';
import type { Bundle } from '../../server/ledger/index.js';
import type { LogKey } from '../../server/ledger/keys.js';

/** Blobs that no entry names any more are dropped, so that nothing but the change itself can be found. */
export function resigned(bundle: Bundle, key: LogKey, change: (entries: KnownEntry[]) => void): Bundle {
  const parsed: KnownEntry[] = bundle.entries.map((text) => JSON.parse(text));
  change(parsed);
  const frontier = emptyFrontier();
  let prev = '0'.repeat(64);
  const entries = parsed.map((entry, seq) => {
    const text = canonicalText({ ...entry, seq, prev });
    prev = toHex(chainHash(utf8(text)));
    addLeaf(frontier, leafHash(utf8(text)));
    return text;
  });
  const all = entries.join();
  const text = checkpointText({ origin: key.name, size: entries.length, root: frontierRoot(frontier) });
  const blobs = bundle.blobs.filter(({ digest }) => all.includes(digest));
  return { ...bundle, entries, blobs, checkpoint: key.signNote(text) };
}
