/** The head of the brief: over which time, by which policy, and its measures. */
import type { Book } from '../book.js';
import { smallestCoverage } from '../smallest.js';
import { isoText } from '../table.js';
import { clip, figure, html, NAME, rounded, share, whole } from '../words.js';

/** What a period is called where people have a word for it. */
const WORDS: Readonly<Record<string, string>> = {
  P1D: 'day',
  PT24H: 'day',
  P7D: 'week',
  P1W: 'week',
  P1M: 'month',
  PT1H: 'hour',
};
export const periodWord = ({ scenario }: Book): string => WORDS[scenario.periods.length ?? 'P1D'] ?? 'period';

export function horizon(book: Book): string {
  const { scenario, begins } = book;
  const { count, length = 'P1D' } = scenario.periods;
  const word = periodWord(book);
  const [first, last] = [begins(0), begins(count)];
  const when = first && last ? `, ${isoText(first)} to ${isoText(new Date(last.getTime() - 1)).slice(0, 10)}` : '';
  const after = scenario.after ? `; what left before period ${scenario.after.period} stays sent` : '';
  return `${count} ${word}${count === 1 ? '' : 's'}${word === 'period' ? ` of ${length}` : ''}${when}${after}`;
}

export function policyWords({ allocation: { policy } }: Book): string {
  const stages = policy.stages
    .map((s) => (s.stage === 'need' ? `need (${s.bands ? 'bands of its own' : `α ${s.alpha ?? 2}`})` : s.stage))
    .join(', then ');
  return policy.name === 'custom' ? `of its own: ${stages}` : `${policy.name}: ${stages}`;
}

export function figures(book: Book): string {
  const { measures: m, shipments, gap } = book.allocation;
  const people = `people-${periodWord(book)}s`;
  const list: [string, string][] = [
    [`${people} needed`, whole(m.peoplePeriodsNeeded)],
    [`${people} met`, whole(m.peoplePeriodsMet)],
    [`${people} unmet`, whole(m.peoplePeriodsUnmet)],
    ['mean coverage', share(m.meanCoverage)],
    [`smallest: ${whose(book)}`, share(m.smallestCoverage)],
    ['Gini over regions', rounded(m.gini)],
    ['shipments', figure(shipments.length)],
    ['tonnes', figure(m.tonnes)],
    ['tonne-km', figure(m.tonneKm)],
    [m.currency ? `cost (${m.currency})` : 'cost, no currency', figure(m.cost)],
    ['gap, worst stage', gap.proven === 0 ? '0' : gap.proven.toExponential(2)],
    ['gap asked for', String(gap.asked)],
  ];
  const used: string[] = m.fleets.map(
    (f) => `fleet ${f.mode} ${figure(f.used)} of ${figure(f.limit)} tonne-km, ${share(f.peak)} at its peak`,
  );
  if (m.budget) used.push(`budget ${figure(m.budget.used)} of ${figure(m.budget.limit)}`);
  if (m.spent) used.push(`sent before: ${figure(m.spent.tonnes)} t for ${figure(m.spent.cost)}`);
  return (
    `<div class="figures">${list.map(([what, value]) => `<div><b>${html(value)}</b>${html(what)}</div>`).join('')}</div>` +
    (used.length > 0 ? `<p>Used: ${html(used.join(' · '))}.</p>` : '')
  );
}

function whose(book: Book): string {
  const smallest = smallestCoverage(book.allocation.coverage);
  if (smallest === null) return 'nothing is needed';
  const { pair, others } = smallest;
  const name = `${clip(book.resource(pair.resource).name, NAME)}, ${clip(book.site(pair.region).name, NAME)}`;
  return others > 0 ? `${name}; ${others} more` : name;
}
