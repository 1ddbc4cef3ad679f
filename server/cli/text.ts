/** Tables and numbers for people at a terminal. */
import type { StageResult } from '../../engine/index.js';

export type Cell = string | number;

/** Columns padded to their widest cell; numbers to the right. */
export function table(head: string[], rows: Cell[][]): string {
  const text = [head, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? num(cell) : cell)))];
  const right = head.map((_, c) => rows.length > 0 && rows.every((row) => typeof row[c] === 'number'));
  const width = head.map((_, c) => Math.max(...text.map((row) => (row[c] ?? '').length)));
  const line = (row: string[]) =>
    row
      .map((cell, c) => (right[c] ? cell.padStart(width[c]!) : cell.padEnd(width[c]!)))
      .join('  ')
      .trimEnd();
  return [line(text[0]!), width.map((w) => '-'.repeat(w)).join('  '), ...text.slice(1).map(line)].join('\n');
}

/** An id, and beside it the name that people know, where that says more: "HT0712 Torbeck", but "buckets" of Buckets. */
export function idWithName(id: string, name: string | undefined): string {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return name === undefined || letters(name) === letters(id) ? id : `${id} ${name}`;
}

/** Sentences in which the first mention of each region has its name beside its id. */
export function withNames(regions: readonly { id: string; name?: string }[], sentences: readonly string[]): string[] {
  const cells = new Map(regions.map(({ id, name }) => [id, idWithName(id, name)]));
  // "north North valley" would be noise: an id that is a word of its name is understood
  const ids = regions
    .filter(({ id, name = id }) => cells.get(id) !== id && !name.toLowerCase().includes(id.toLowerCase()))
    .map(({ id }) => id);
  if (ids.length === 0) return [...sentences];
  // of two ids the longer first, as one may begin like the other
  const any = ids.sort((a, b) => b.length - a.length).map((id) => id.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const whole = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${any.join('|')})(?![\\p{L}\\p{N}_-])`, 'gu');
  return sentences.map((sentence) => {
    const seen = new Set<string>();
    return sentence.replace(whole, (id) => {
      if (seen.has(id)) return id;
      seen.add(id);
      return cells.get(id) ?? id;
    });
  });
}

/** Thousands separators, at most four significant digits below a thousand. */
export function num(x: number): string {
  return Math.abs(x) >= 1000
    ? Math.round(x).toLocaleString('en-US')
    : x.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

/** A share as per cent; what is more than nothing never reads as 0. */
export function percent(share: number): string {
  const p = 100 * share;
  if (p === 0) return '0 %';
  if (p < 0.01) return '<0.01 %';
  if (p < 100 && p > 99.95) return '>99.9 %';
  return `${p.toFixed(p < 10 ? 2 : 1)} %`;
}

/** A decimal string with thousands separators in its whole part; four decimals are kept, of what is smaller the first three digits. */
export function exact(value: string): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const small = whole === '0' ? fraction.search(/[1-9]/) : -1;
  const kept = small < 2 ? 4 : small + 3;
  const short = fraction.slice(0, kept);
  return short ? `${grouped}.${short}${fraction.length > kept ? '…' : ''}` : grouped;
}

/** Stages as `allocate` and `check` show them; of `leximin` value and bound are the first level's, the gap is the largest of all. */
export function stageTable(
  stages: readonly Pick<StageResult, 'stage' | 'value' | 'bound' | 'gap' | 'levels'>[],
): string {
  const name = ({ stage, levels }: (typeof stages)[number]) =>
    levels ? `${stage}, lowest of ${levels.length} level${levels.length === 1 ? '' : 's'}` : stage;
  const gap = ({ gap: largest, levels }: (typeof stages)[number]) =>
    `${gapText(largest)}${(levels?.length ?? 0) > 1 ? ', largest of all' : ''}`;
  return table(
    ['stage', 'value', 'bound', 'gap'],
    stages.map((s) => [name(s), exact(s.value), exact(s.bound), gap(s)]),
  );
}

export const gapText = (gap: number): string => (gap === 0 ? '0' : gap.toExponential(1));

export const certificatesHold = (n: number): string =>
  `${n} certificate${n === 1 ? '' : 's'} of optimality hold${n === 1 ? 's' : ''}`;
