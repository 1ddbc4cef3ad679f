/** A small map as inline SVG, from coordinates alone: no tiles, no script, no style attributes, so that any policy lets it through. */
import type { Book, Site } from './book.js';
import { columnsOf } from './columns.js';
import { boundingBox, type Position } from './geojson.js';
import { listFlows } from './maps.js';
import { html, rounded, share } from './words.js';

/** From poorest to best covered: five classes of ColorBrewer's RdYlBu, which colour-blind readers and grey printers tell apart. */
const SHADES = ['#d7191c', '#fdae61', '#ffffbf', '#abd9e9', '#2c7bb6'];

/** Five equal classes from `from` on, `wide` each. */
interface Classes {
  from: number;
  wide: number;
}
const classOf = (ratio: number, { from, wide }: Classes): number =>
  Math.max(0, Math.min(SHADES.length - 1, Math.floor((ratio - from) / wide + 1e-9)));

/** From 0 to 100 %; where all regions fall into one of the five classes, that one is divided, at most twice, so that the map tells them apart. */
export function classesOf(ratios: readonly number[]): Classes {
  let classes: Classes = { from: 0, wide: 1 / SHADES.length };
  for (let finer = 0; finer < 2 && new Set(ratios).size > 1; finer++) {
    const [one, ...more] = new Set(ratios.map((ratio) => classOf(ratio, classes)));
    if (one === undefined || more.length > 0) break;
    classes = { from: classes.from + one * classes.wide, wide: classes.wide / SHADES.length };
  }
  return classes;
}

/** Lines drawn at most, the heaviest: more of them cover each other. */
const LINES = 400;
/** Regions, and depots with hubs, that are named at most. */
const NAMES = 60;
/** Of the square of a depot. */
const HALF = 7;
/** Of the letters of names; a letter is about so much of it wide. */
const [LETTERS, WIDE] = [21, 0.56];

/** How much further from its place a name may stand, with a thin line to it, where nearer there is no room. */
const FURTHER = [0, 30, 60];

/** Width and height in units of the drawing; a tenth of a millimetre in print. */
export interface Size {
  width: number;
  height: number;
}

/** null where nothing of the plan has coordinates. */
export function sketch(book: Book, { width, height }: Size): string | null {
  const flows = new Map<string, { from: Site; to: Site; tonnes: number }>();
  for (const f of listFlows(book)) {
    const key = `${f.from}\n${f.to}`;
    const flow = flows.get(key) ?? { from: book.site(f.from), to: book.site(f.to), tonnes: 0 };
    flows.set(key, flow);
    flow.tonnes += f.tonnes;
  }
  const sites = [...book.complete.depots, ...book.complete.hubs, ...book.complete.regions].map(({ id }) =>
    book.site(id),
  );
  const placed = sites.filter((s): s is Site & { at: Position } => s.at !== null);
  const box = boundingBox(placed.map(({ at }) => at));
  if (!box) return null;
  const place = projection(box, { width, height });
  const heaviest = Math.max(1e-9, ...[...flows.values()].map(({ tonnes }) => tonnes));
  const parts: string[] = [];

  const drawn = [...flows.values()].filter(({ from, to }) => from.at && to.at).sort((a, b) => b.tonnes - a.tonnes);
  for (const { from, to, tonnes } of drawn.slice(0, LINES)) {
    const [[x1, y1], [x2, y2]] = [place(from.at!), place(to.at!)];
    const thick = (1 + 9 * Math.sqrt(tonnes / heaviest)).toFixed(1);
    parts.push(
      `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#555" stroke-opacity="0.45" stroke-width="${thick}"><title>${html(`${from.name} → ${to.name}: ${rounded(tonnes)} t`)}</title></line>`,
    );
  }
  // so many regions as have room side by side are drawn large
  const radius = Math.max(3.5, Math.min(12, 90 / Math.sqrt(book.complete.regions.length)));
  const coverage = new Map(book.allocation.measures.byRegion.map((r) => [r.region, r]));
  const classes = classesOf([...coverage.values()].filter((c) => c.needed > 0).map((c) => c.ratio));
  for (const { id, name, kind, at } of placed) {
    const [x, y] = place(at);
    if (kind === 'region') {
      const c = coverage.get(id);
      const fill = c && c.needed > 0 ? SHADES[classOf(c.ratio, classes)]! : '#fff';
      const told = c && c.needed > 0 ? `${share(c.ratio)} of people-periods met` : 'no need';
      parts.push(
        `<circle cx="${x}" cy="${y}" r="${radius.toFixed(1)}" fill="${fill}" stroke="#222" stroke-width="${(radius / 8).toFixed(1)}"><title>${html(`${name}: ${told}`)}</title></circle>`,
      );
    } else {
      const fill = kind === 'depot' ? '#222' : '#888';
      parts.push(
        `<rect x="${(Number(x) - HALF).toFixed(1)}" y="${(Number(y) - HALF).toFixed(1)}" width="${2 * HALF}" height="${2 * HALF}" fill="${fill}"><title>${html(name)}</title></rect>`,
      );
    }
  }
  // the few among the many first: they have no second chance to be named
  const [regions, stores] = [placed.filter((p) => p.kind === 'region'), placed.filter((p) => p.kind !== 'region')];
  const lists = (stores.length < regions.length ? [stores, regions] : [regions, stores]).filter(
    (l) => l.length <= NAMES,
  );
  parts.push(...names(lists.flat(), placed, place, radius, { width, height }));
  const percent = (n: number) => Number((100 * (classes.from + n * classes.wide)).toPrecision(3));
  const legend = SHADES.map(
    (fill, n) =>
      `<rect x="${10 + n * 84}" y="${height - 36}" width="82" height="13" fill="${fill}" stroke="#222"/>` +
      `<text x="${51 + n * 84}" y="${height - 6}" font-size="17" text-anchor="middle" fill="#111">${percent(n)}–${percent(n + 1)} %</text>`,
  );
  const label = `Map of ${book.scenario.id}: depots as squares, regions as circles by coverage, lines by tonnes`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif"><title>${html(label)}</title>${parts.join('')}${legend.join('')}</svg>`;
}

/** Equirectangular, true to scale at the middle of the box, with room for names and the legend. */
function projection([west, south, east, north]: readonly [number, number, number, number], { width, height }: Size) {
  const [left, right, top, bottom] = [40, 40, 30, 65];
  const across = (((east - west) % 360) + 360) % 360; // over the antimeridian as well
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(
    (width - left - right) / Math.max(1e-6, across * narrow),
    (height - top - bottom) / Math.max(1e-6, north - south),
  );
  const [x0, y0] = [
    left + (width - left - right - across * narrow * scale) / 2,
    top + (height - top - bottom - (north - south) * scale) / 2,
  ];
  return ([lon, lat]: Position): [string, string] => [
    (x0 + ((((lon - west) % 360) + 360) % 360) * narrow * scale).toFixed(1),
    (y0 + (north - lat) * scale).toFixed(1),
  ];
}

type Box = [number, number, number, number];

/** Names beside their places, at the first of eight sides where they cover no other name and no site, near or further off; those without any are left out. */
function names(
  sites: readonly (Site & { at: Position })[],
  all: readonly (Site & { at: Position })[],
  place: (at: Position) => [string, string],
  radius: number,
  { width, height }: Size,
): string[] {
  const halfOf = ({ kind }: Site) => (kind === 'region' ? radius : HALF);
  const taken = all.map((site): Box => {
    const [x, y] = place(site.at).map(Number) as [number, number];
    const half = halfOf(site);
    return [x - half, y - half, x + half, y + half];
  });
  const covers = ([a, b, c, d]: Box) =>
    a < 0 || c > width || b < 0 || d > height - 40 || taken.some(([e, f, g, h]) => a < g && e < c && b < h && f < d);
  return sites.flatMap((site) => {
    const { name, kind } = site;
    const [x, y] = place(site.at).map(Number) as [number, number];
    const shown = name.length > 24 ? `${name.slice(0, 23)}…` : name;
    const [long, near] = [columnsOf(shown) * LETTERS * WIDE, halfOf(site) + 5];
    for (const away of FURTHER)
      for (const [left, base] of sidesOf([x, y], near + away, long)) {
        const box: Box = [left, base - LETTERS + 4, left + long, base + 4];
        if (covers(box)) continue;
        taken.push(box);
        const [toX, toY] = [Math.max(left, Math.min(left + long, x)), base - LETTERS / 3];
        return [
          away === 0
            ? ''
            : `<line x1="${x}" y1="${y}" x2="${toX.toFixed(1)}" y2="${toY.toFixed(1)}" stroke="#111" stroke-width="0.8"/>`,
          `<text x="${(left + long / 2).toFixed(1)}" y="${base.toFixed(1)}" font-size="${LETTERS}" text-anchor="middle"${kind === 'region' ? '' : ' font-style="italic"'} stroke="#fff" stroke-width="4" stroke-opacity="0.8" paint-order="stroke" fill="#111">${html(shown)}</text>`,
        ];
      }
    return [];
  });
}

/** Left end and base line of a text so far from its place: right, left, above, below, then between them. */
const sidesOf = ([x, y]: readonly [number, number], gap: number, long: number): [number, number][] => [
  [x + gap, y + 7],
  [x - gap - long, y + 7],
  [x - long / 2, y - gap],
  [x - long / 2, y + gap + 14],
  [x + gap, y - LETTERS / 2 - (gap > 30 ? gap / 2 : 0)],
  [x + gap, y + LETTERS + 4 + (gap > 30 ? gap / 2 : 0)],
  [x - gap - long, y - LETTERS / 2 - (gap > 30 ? gap / 2 : 0)],
  [x - gap - long, y + LETTERS + 4 + (gap > 30 ? gap / 2 : 0)],
];
