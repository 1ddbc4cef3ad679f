/** Tables and numbers for people at a terminal. */

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

/** A decimal string with thousands separators in its whole part, decimals kept up to four. */
export function exact(value: string): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const short = fraction.slice(0, 4);
  return short ? `${grouped}.${short}${fraction.length > 4 ? '…' : ''}` : grouped;
}

export const gapText = (gap: number): string => (gap === 0 ? '0' : gap.toExponential(1));
