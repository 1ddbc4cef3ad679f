/** Tables, which on a phone are cards: one a row, each value under its heading, so that nothing is cut and nothing scrolls sideways. */
import type { ComponentChildren } from 'preact';
import { capital } from './text.js';

export interface Column {
  name: string;
  /** Numbers, which stand at the end of their column. */
  n?: boolean;
  /** Its heading is for readers alone: what stands in it says what it is. */
  bare?: boolean;
}

export interface Row {
  key: string | number;
  /** As many as there are columns. */
  cells: readonly ComponentChildren[];
}

interface TableProps {
  label: string;
  columns: readonly Column[];
  rows: readonly Row[];
  /** Number of the column that names the rows. */
  heading?: number;
  kind?: string;
}

/** Roles are written out: what is no longer laid out as a table is none any more for some readers. */
const role = <R extends string>(is: R) => ({ role: is });

export function Table({ label, columns, rows, heading = 0, kind = '' }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: between phone and desk it may scroll, and is then reached by the keyboard
    <section class="wide" aria-label={label} tabIndex={0}>
      <table class={`cards ${kind}`} {...role('table')}>
        <thead {...role('rowgroup')}>
          <tr {...role('row')}>
            {columns.map(({ name, n, bare }) => (
              <th key={name} class={n ? 'n' : ''} scope="col" {...role('columnheader')}>
                <div class={bare ? 'sr' : ''} title={name}>
                  {name}
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...role('rowgroup')}>
          {rows.map(({ key, cells }) => (
            <tr key={key} {...role('row')}>
              {cells.map((cell, i) =>
                i === heading ? (
                  <th key={i} scope="row" {...role('rowheader')}>
                    {cell}
                  </th>
                ) : (
                  <td
                    key={i}
                    class={columns[i]?.n ? 'n' : ''}
                    data-label={columns[i]?.bare ? '' : capital(columns[i]?.name ?? '')}
                    {...role('cell')}
                  >
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
