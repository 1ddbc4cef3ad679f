/** What a map points out beside coverage: limits that bind, places of reports. Kinds differ by shape, not by colour alone. */
import type { Binding } from '../../../engine/explain/bindings.js';
import type { Laid } from '../shared/plan.js';
import { t } from '../shared/text.js';
import { colour } from '../shared/theme.js';
import type { Ground } from './ground.js';

export type MarkKind = 'route' | 'fleet' | 'handling' | 'storage' | 'stock' | 'report';

export interface Mark {
  kind: MarkKind;
  /** A site by its id, or [longitude, latitude]. */
  at: string | readonly [number, number];
  /** Where a way ends. */
  to?: string;
  text?: string;
  strong?: boolean;
}

/** Around a point, in pixels: brackets as a gate, a cross through the square of a depot, a roof; bars across a way. */
const SHAPES: Record<MarkKind, string> = {
  handling: 'M-6-10H-11V10H-6M6-10H11V10H6',
  stock: 'M-8-8L8 8M8-8L-8 8',
  storage: 'M-11-7L0-15L11-7',
  route: 'M-3-8V8M3-8V8',
  fleet: '',
  report: '',
};
/** Dashes of ways; reports of a road have a line of their own. */
const DASHES: Record<MarkKind, readonly number[]> = {
  ...{ handling: [], stock: [], storage: [] },
  ...{ route: [9, 4], fleet: [2, 5], report: [] },
};

export function drawMarks(
  context: CanvasRenderingContext2D,
  { places, mercator }: Ground,
  marks: readonly Mark[],
  k: number,
): void {
  const place = (at: Mark['at']) => {
    if (typeof at === 'string') return places.get(at);
    const [x, y] = mercator.xy(...at);
    return { x, y };
  };
  const [mark, paper] = [colour('mark'), colour('paper')];
  context.lineCap = 'butt';
  for (const { kind, at, to, text, strong = false } of marks) {
    const [a, b] = [place(at), place(to ?? at)];
    if (!a || !b) continue;
    context.save();
    // the middle of the bend that flows have as well
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    context.translate((a.x + b.x) / 2 + dy * 0.045, (a.y + b.y) / 2 - dx * 0.045);
    if (to !== undefined) {
      context.beginPath();
      context.moveTo(-dx / 2 - dy * 0.045, -dy / 2 + dx * 0.045);
      context.quadraticCurveTo(dy * 0.045, -dx * 0.045, dx / 2 - dy * 0.045, dy / 2 + dx * 0.045);
      context.setLineDash(DASHES[kind].map((length) => length / k));
      for (const [style, width] of [
        [paper, 6],
        [mark, strong ? 4 : 2.6],
      ] as const) {
        context.strokeStyle = style;
        context.lineWidth = width / k;
        context.stroke();
      }
      context.setLineDash([]);
      context.rotate(Math.atan2(dy, dx));
    }
    context.scale(1 / k, 1 / k);
    const shape = new Path2D(SHAPES[kind]);
    context.strokeStyle = paper;
    context.lineWidth = 6;
    context.stroke(shape);
    context.strokeStyle = mark;
    context.lineWidth = 2.6;
    context.stroke(shape);
    if (text !== undefined) {
      if (to !== undefined) context.rotate(-Math.atan2(dy, dx));
      drawPin(context, text, strong);
    }
    context.restore();
  }
}

/** A number in a lozenge; dark on light, the other way round where it is chosen. */
function drawPin(context: CanvasRenderingContext2D, text: string, strong: boolean): void {
  const [ink, paper] = [colour('ink'), colour('paper')];
  context.font = '700 12px system-ui, "Noto Sans", sans-serif';
  const half = Math.max(9, context.measureText(text).width / 2 + 5);
  context.beginPath();
  context.roundRect(-half, -10, 2 * half, 20, 10);
  context.fillStyle = strong ? ink : paper;
  context.fill();
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.stroke();
  context.fillStyle = strong ? paper : ink;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, 0, 0.5);
}

const WORDS = {
  route: 'map.full',
  fleet: 'map.fleet',
  handling: 'map.handling',
  storage: 'map.storage',
  stock: 'map.stock',
} as const;

/** One line a kind that is there. */
export function MarkLegend({ marks }: { marks: readonly Mark[] }) {
  return (
    <>
      {(Object.keys(WORDS) as (keyof typeof WORDS)[])
        .filter((kind) => marks.some((one) => one.kind === kind))
        .map((kind) => (
          <li key={kind}>
            <svg class="mark" viewBox="-16 -16 32 32" aria-hidden="true">
              {DASHES[kind].length > 0 && <path d="M-16 0H16" stroke-dasharray={DASHES[kind].join()} />}
              {kind !== 'route' && kind !== 'fleet' && <path class="axis" d="M-5-5H5V5H-5Z" />}
              <path d={SHAPES[kind]} />
            </svg>
            {t(WORDS[kind])}
          </li>
        ))}
    </>
  );
}

/** Where the limits are that an explanation names; a budget has no place. */
export function marksOf(
  { scenario, sites, packed: { head, ways, sites: places } }: Laid,
  bindings: readonly Binding[],
) {
  const marks = bindings.flatMap(({ kind, what }): Mark[] => {
    if (kind === 'route') return endsOf(what, sites).map(([at, to]) => ({ kind, at, to }));
    if (kind === 'fleet')
      return Array.from({ length: ways.length }, (_, way) => way)
        .filter((way) => what === `fleet ${head.modes[ways.mode[way] ?? 0]}`)
        .map((way) => ({ kind, at: places.ids[ways.from[way] ?? 0] ?? '', to: places.ids[ways.to[way] ?? 0] ?? '' }));
    if (kind === 'budget') return [];
    const here = kind === 'stock' ? scenario.resources.map(({ id }) => `stock of ${id}`) : [kind];
    const ids = [...sites.keys()];
    return ids.filter((id) => here.some((one) => what === `${one} at ${id}`)).map((id) => ({ kind, at: id }));
  });
  return [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()];
}

/** The ends that `route A → B by M` may name: also of a route that nothing takes, which the plan does not list. */
function endsOf(what: string, sites: ReadonlyMap<string, unknown>): [string, string][] {
  const parts = /^route (.*)$/s.exec(what)?.[1]?.split(' → ') ?? [];
  return parts.slice(1).flatMap((_, i) => {
    const [from, rest] = [parts.slice(0, i + 1).join(' → '), parts.slice(i + 1).join(' → ')];
    if (!sites.has(from)) return [];
    return [...sites.keys()].filter((to) => rest.startsWith(`${to} by `)).map((to): [string, string] => [from, to]);
  });
}
