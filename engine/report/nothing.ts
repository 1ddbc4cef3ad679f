/** Who gets nothing, in sentences: regions that get nothing of anything, pairs of region and resource, and the way out. */
import { listed } from '../../scenarios/index.js';
import type { Coverage } from '../types.js';
import type { Book } from './book.js';
import { leftOut } from './leftout.js';
import { tellReasons } from './unmet.js';
import { figure, share } from './words.js';

/** Pairs and regions that are named. */
const [WORST, NAMED] = [3, 5];

export interface Nothing {
  sentences: string[];
  /** Whether a policy that shares evenly would change it. */
  uneven: boolean;
}

/** `name` says how a site or resource is called. Empty where everybody gets some of what there is. */
export function whoGetsNothing(book: Book, name: (id: string) => string): Nothing {
  const { allocation: a } = book;
  const regions = withoutAnything(book);
  const { pairs, few } = leftOut(a.coverage, (resource) => book.resource(resource).lot);
  const others = pairs.filter((c) => !regions.includes(c.region));
  const even = a.policy.stages.some((s) => s.stage === 'leximin');
  const sentences: string[] = [];
  if (regions.length > 0) sentences.push(lowestBand(book, regions.map(name)));
  let uneven = regions.length > 0 && !even;
  if (others.length > 0) {
    const tell = tellReasons(book);
    const cutOff = others.filter((c) => ['no-way', 'no-stock'].includes(tell(c).kind));
    sentences.push(pairsInWords(book, others, name) + wayOut(others.length, cutOff.length, even));
    if (cutOff.length < others.length && !even) uneven = true;
  }
  if (few.length > 0)
    sentences.push(
      `${listed(few.slice(0, NAMED).map(name))}${few.length > NAMED ? ` and ${few.length - NAMED} more` : ''}: fewer lots than regions in need of them, so some get none under any policy.`,
    );
  return { sentences, uneven };
}

/** Regions without anything although all coverage lies in the lowest band, in which one unit is worth as much wherever it goes. */
function withoutAnything({ allocation: a }: Book): string[] {
  const needy = a.measures.byRegion.filter((r) => r.needed > 0);
  const without = needy.filter((r) => r.met === 0).map((r) => r.region);
  const lowest = lowestOf(a.policy.stages);
  if (without.length === needy.length || lowest === null || a.measures.meanCoverage > lowest) return [];
  return without;
}

function lowestOf(stages: Book['allocation']['policy']['stages']): number | null {
  const stage = stages.find((s) => s.stage === 'need');
  if (stage?.stage !== 'need') return null;
  const { bands = 10 } = stage;
  return typeof bands === 'number' ? 1 / bands : (bands[0]?.upTo ?? 1);
}

function lowestBand({ allocation: a }: Book, names: readonly string[]): string {
  const few = names.slice(0, NAMED).join(', ');
  const who =
    names.length > NAMED
      ? `${few} and ${names.length - NAMED} more get`
      : `${few} ${names.length > 1 ? 'get' : 'gets'}`;
  return (
    `${who} nothing: there is so little that coverage stays in the policy's lowest band (up to ${share(lowestOf(a.policy.stages) ?? 1)}), where a unit counts the same wherever it goes.` +
    " '--policy equal' shares evenly, finer bands (sheet Policy) nearly so, and a Floor in Regions comes first."
  );
}

function pairsInWords(book: Book, pairs: readonly Coverage[], name: (id: string) => string): string {
  const counts = new Map<string, number>();
  for (const { resource } of pairs) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  const most = [...counts].sort(([, x], [, y]) => y - x);
  const of = most.slice(0, NAMED).map(([resource, n]) => `${name(resource)} in ${n} region${n === 1 ? '' : 's'}`);
  if (most.length > NAMED) of.push(`${most.length - NAMED} more resources`);
  const worst = pairs
    .slice(0, WORST)
    .map(
      (c) =>
        `${name(c.region)} gets ${figure(c.delivered)} of ${figure(c.due)} ${book.resource(c.resource).unit} of ${name(c.resource)}`,
    );
  return `Left out while others get some (nothing, or less than a tenth of the average): ${listed(of)}. ${pairs.length > WORST ? 'The worst: ' : ''}${worst.join('; ')}.`;
}

function wayOut(all: number, cutOff: number, even: boolean): string {
  if (cutOff === all) return ' Nothing of it could reach them in time on any open route.';
  const some = cutOff === 0 ? '' : ` ${cutOff} of these ${all} could not be reached in time on any open route.`;
  const policy = even ? '' : "'--policy equal' shares evenly; ";
  return `${some} Way out: ${policy}a Floor in Regions comes first.`;
}
