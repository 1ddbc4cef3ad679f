/** Bodies that must be refused, those of JSONTestSuite's kinds and random damage to good ones, sent to every route that reads one. */
import { rm } from 'node:fs/promises';
import { SCENARIO } from '../../server/schemas/examples.js';
import { makeDir, startServer } from '../support/http.js';
import { malformed } from '../support/malformed.js';
import { type Campaign, diceOf, newTally, note } from './campaign.js';

const digest = '0'.repeat(64);
const bodies: Record<string, string> = {
  '/scenarios': JSON.stringify(SCENARIO),
  '/allocations': JSON.stringify({ scenario: SCENARIO, policy: 'equal' }),
  '/frontiers': JSON.stringify({ scenario: digest, dials: [0, 1] }),
  '/comparisons': JSON.stringify({ allocations: [digest, digest] }),
  '/adoptions': JSON.stringify({ allocation: digest, by: 'an office', why: 'a reason' }),
};
/** Where a value is replaced by a malformed one. */
const value = /"equal"|\[0,1\]|"a reason"|"evenhand":1|(?<=\[)"0{64}"/;

export const json: Campaign = {
  title: 'malformed bodies to every route: a fixed list, and so many good bodies with random bytes damaged',
  runs: 300,
  full: 20_000,
  async run({ runs, seed, signal, progress }) {
    const tally = newTally();
    const dice = diceOf(seed);
    const dir = await makeDir();
    const server = await startServer(dir);
    const send = async (url: string, name: string, body: Buffer) => {
      const { status, text } = await server.post(url, body);
      tally.runs++;
      tally.faults++;
      return {
        status,
        text,
        bad: (why: string) => {
          tally.undetected++;
          note(tally, `${url}: ${name}: ${status}, ${why}`);
        },
      };
    };
    try {
      for (const [url, good] of Object.entries(bodies))
        for (const [name, body] of malformed((bad) =>
          good.replace(value, (old) => (old.startsWith('"evenhand"') ? `"evenhand":${bad}` : bad)),
        )) {
          const { status, text, bad } = await send(url, name, body);
          const kind =
            status === 400 ? 'malformed-json' : status === 422 && url.match(/scen|alloc/) ? 'scenario-faulty' : 'none';
          if (!text.includes(`problem:${kind}`)) bad(`not refused as malformed: ${text}`);
        }
      const urls = Object.keys(bodies);
      for (let n = 0; n < runs && !signal.aborted; n++) {
        const url = dice.pick(urls);
        const body = Buffer.from(bodies[url]!);
        for (let k = dice.below(3); k >= 0; k--) body[dice.below(body.length)] = dice.below(256);
        const { status, bad } = await send(url, body.toString('latin1').slice(0, 60), body);
        if (status >= 500) bad('the server failed');
        // Whatever the parser of JavaScript does not take, or what is no UTF-8, must not have been taken here.
        if (status < 300 && !readable(body)) bad('taken');
        progress(n, runs);
      }
      if ((await server.get('/healthz')).status !== 200) tally.lost++;
    } finally {
      await server.close();
      await rm(dir, { recursive: true });
    }
    return tally;
  },
};

function readable(body: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return true;
  } catch {
    return false;
  }
}
