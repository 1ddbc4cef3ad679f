/** `npm run campaign -- NAME… [--runs N] [--seed S] [--minutes M] [--full]`; without a name it lists what there is. */
import { parseArgs } from 'node:util';
import { closePool } from '../../engine/index.js';
import { held, line, Unavailable } from './campaign.js';
import { campaigns } from './list.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '30' },
    full: { type: 'boolean', default: false },
  },
});

const abort = new AbortController();
process.once('SIGINT', () => abort.abort(new Error('stopped')));

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  console.error(`--${name} is ${text}: give a number of at least ${least}`);
  process.exit(64);
}

const unknown = positionals.filter((name) => !(name in campaigns));
if (positionals.length === 0 || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no campaign ${name}.`);
  for (const [name, { title, runs, full }] of Object.entries(campaigns))
    console.log(`${name.padEnd(9)} ${title} (${runs} by default, ${full} in full)`);
  process.exit(unknown.length > 0 ? 64 : 0);
}

const seed = number('seed', values.seed, 0);
const minutes = number('minutes', values.minutes, 0);
for (const name of positionals) {
  const campaign = campaigns[name]!;
  const usual = values.full ? campaign.full : campaign.runs;
  const runs = values.runs === undefined ? usual : number('runs', values.runs, 1);
  const began = performance.now();
  let shown = began;
  const progress = (done: number, of: number) => {
    if (performance.now() - shown < 5000) return;
    shown = performance.now();
    process.stderr.write(`${name}: ${done} of ${of}\n`);
  };
  try {
    const tally = await campaign.run({ runs, seed, minutes, signal: abort.signal, progress });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${name}: ${held(tally) ? 'held' : 'FAILED'} (seed ${seed}, ${seconds} s)\n  ${line(tally)}`);
    if (!held(tally)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`${name}: not run: ${error.message}`);
  }
  if (abort.signal.aborted) break;
}
await closePool();
