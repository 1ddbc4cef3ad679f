/** Names of tiles and entry bundles below `/tile/`, as C2SP tlog-tiles writes them. */
import { tileWidth } from './tile.js';

export interface TileName {
  /** Level of hashes, or the entries themselves. */
  level: number | 'entries';
  index: number;
  /** 256, or less for a partial tile. */
  width: number;
}

/** `0/x001/x234/067`, `entries/000.p/5`: the index in groups of three digits, all but the last with an x. */
export function formatTilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${level}/${path}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** Undefined for anything that `formatTilePath` does not write. */
export function parseTilePath(path: string): TileName | undefined {
  const [, level, groups, partial] = /^(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  if (level === undefined || groups === undefined) return undefined;
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replace(/[x/]/g, '')),
    width: partial === undefined ? tileWidth : Number(partial),
  };
  const valid =
    Number.isSafeInteger(name.index) && name.width > 0 && Number(name.level === 'entries' ? 0 : name.level) < 64;
  return valid && formatTilePath(name) === path ? name : undefined;
}
