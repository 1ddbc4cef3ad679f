/**
 * Scenarios are read beside the event loop: a nation's takes three seconds to check (measured, 5.9 MB), and in that
 * time nobody else would get an answer. Small ones are read at once, as handing them over would cost more.
 */
import { wording } from '../../scenarios/wording.js';
import { oneThread } from '../onethread.js';
import { type Read, read, type TablesOutcome } from './read.js';

export interface Reader {
  /** Throws 'overloaded' where too many wait, 'too-large' where reading takes longer than a minute, 'stopping'. */
  read(text: string): Promise<Read>;
  /** The same of a workbook or a zip of tables, always beside the event loop: few bytes may unpack to many. */
  readTables(bytes: Uint8Array): Promise<TablesOutcome>;
  close(): Promise<void>;
}

const SMALL = 256 * 1024;

export function createReader(): Reader {
  const thread = oneThread<string | Uint8Array, unknown>({
    file: new URL('./worker.js', import.meta.url),
    busy: wording`Too many large scenarios are being read.`,
    doing: wording`Reading`,
  });
  return {
    async read(text) {
      return text.length <= SMALL ? read(text) : ((await thread.run(text)) as Read); // what read.ts returns
    },
    async readTables(bytes) {
      return (await thread.run(bytes)) as TablesOutcome; // what read.ts returns
    },
    close: thread.close,
  };
}
