/** What is found in tables, each thing at its cell, with the mend; and the mend itself where it is safe. */
import { MOST_TOLD, type Said, sentence, spoken } from '../faults.js';
import { type Text, wording } from '../wording.js';
import { cellName } from './grid.js';

export interface Place {
  sheet: string;
  /** From 1; 0 for the sheet as a whole. */
  row: number;
  /** From 0; −1 for the row as a whole. */
  column: number;
}

export interface Finding {
  /** A `notice` does not keep the file from being used. */
  severity: 'fault' | 'notice';
  sheet: string;
  row?: number;
  /** The column's letter. */
  column?: string;
  /** A1 reference within the sheet. */
  cell?: string;
  found: string;
  mend: string;
  /** Place, what is wrong and the mend in one sentence. */
  message: string;
  /** The words above, for readers of other languages, and how people name the place: "Routes!B2". */
  said: Said & { place: Text };
  /** What may be written there instead, where nobody could mean anything else. */
  fix?: string | number;
}

/** One value to be written in a cell in place of what stands there. */
export interface Fix {
  place: Place;
  value: string | number;
}

/** With so many faults a file is a ruin, and no more of it is looked at: nobody reads on, and each fault costs memory and time. */
const RUIN = 200_000;

export class Findings {
  readonly list: Finding[] = [];
  /** Faults that were found, those that are not listed included; of a ruin there are more. */
  faults = 0;
  /** What is safe to write, of all faults, listed or not. */
  readonly fixes: Fix[] = [];
  /** Of sheets that are GeoJSON: the names of the properties. */
  readonly properties = new Map<string, readonly string[]>();
  private readonly at = new Set<string>();

  /** A second fault at one cell is left out: it is a consequence of the first. */
  fault(place: Place, found: Text, what: Text, mend: Text, fix?: string | number): void {
    const key = `${place.sheet}!${place.row},${place.column}`;
    if (this.at.has(key)) return;
    this.faults++;
    if (this.ruined) return;
    this.at.add(key);
    if (fix !== undefined) this.fixes.push({ place, value: fix });
    this.add('fault', place, found, what, mend, fix);
  }

  /** Whether there are so many that the rest of the file is not looked at. */
  get ruined(): boolean {
    return this.faults >= RUIN;
  }

  notice(place: Place, found: Text, what: Text, mend: Text): void {
    this.add('notice', place, found, what, mend);
  }

  /** "Routes!C7", "Routes row 7", "Routes"; "regions.geojson feature 3, ADM2_PCODE". */
  name({ sheet, row, column }: Place): Text {
    const properties = this.properties.get(sheet);
    if (row === 0) return sheet;
    if (properties !== undefined) {
      const feature = wording`${sheet} feature ${row - 1}`;
      return column < 0 ? feature : wording`${feature}, ${properties[column] ?? ''}`;
    }
    return column < 0 ? wording`${sheet} row ${row}` : `${sheet}!${cellName(row, column)}`;
  }

  private add(
    severity: Finding['severity'],
    place: Place,
    found: Text,
    what: Text,
    mend: Text,
    fix?: string | number,
  ): void {
    if (this.list.length >= MOST_TOLD) return;
    const { sheet, row, column } = place;
    const name = this.name(place);
    const words = spoken({ found, what, mend, message: sentence(name, what, mend) });
    const finding: Finding = { severity, sheet, ...words, said: { ...words.said, place: name } };
    if (row > 0) finding.row = row;
    if (row > 0 && column >= 0 && !this.properties.has(sheet)) {
      finding.cell = cellName(row, column);
      finding.column = finding.cell.replace(/\d+$/, '');
    }
    if (fix !== undefined) finding.fix = fix;
    this.list.push(finding);
  }
}
