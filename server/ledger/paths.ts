/** What lies where in a data directory. */
import { join } from 'node:path';

export interface Paths {
  dir: string;
  /** LevelDB. */
  store: string;
  /** The log's private key, mode 0600. */
  key: string;
  /** The log's verifier key, for anybody. */
  verifierKey: string;
  /** Newest signed checkpoint: outside LevelDB, so that a store that lost its tail is found out. */
  checkpoint: string;
  /** There only after an orderly close. */
  clean: string;
  /** Newest checkpoint that the witnesses' quorum has cosigned. */
  witnessed: string;
  /** Pairs of signed notes that do not belong to one history. */
  conflicts: string;
  /** Where the running server answers. */
  serverUrl: string;
  /** Copies of LevelDB's logs made before a store was opened that had not been closed. */
  evidence: string;
}

export function pathsOf(dir: string): Paths {
  return {
    dir,
    store: join(dir, 'store'),
    key: join(dir, 'log.key'),
    verifierKey: join(dir, 'log.pub'),
    checkpoint: join(dir, 'checkpoint'),
    clean: join(dir, 'clean'),
    witnessed: join(dir, 'witnessed'),
    conflicts: join(dir, 'conflicts'),
    serverUrl: join(dir, 'server.url'),
    evidence: join(dir, 'evidence'),
  };
}
