/** The map as one still picture, for paper: places by their coverage, the coast, the way of the goods. */
import { columnsOf } from '../../../engine/report/columns.js';
import { useLoad } from '../shared/load.js';
import { classesOf, classOf, isShort, type Laid, shadeAt } from '../shared/plan.js';
import { ends, mercatorOf, ringsIn } from './mercator.js';

const [W, PAD] = [330, 22];
/** As tall as the places need: a coast that runs east and west takes no room above and below. */
const [LEAST, MOST] = [200, 380];
/** Of a marker, and the width of a Latin letter. */
const [RADIUS, LETTER] = [6, 4.8];

export function StillMap({ laid, label }: { laid: Laid; label: string }) {
  const land = useLoad(async () => (await import('./land.js')).fetchLand(), []);
  const sites = [...laid.sites.values()].flatMap((site) => (site.at ? [{ ...site, at: site.at }] : []));
  if (sites.length === 0) return null;
  const places = sites.map(({ at }) => at);
  // as wide as the map is, and as tall as that makes it
  const tall = mercatorOf(places, [PAD, 0, W - PAD, 1e6]);
  const ys = ends(places.map((at) => tall.xy(...at)[1]));
  const H = Math.max(LEAST, Math.min(MOST, ys[1] - ys[0] + 2 * PAD));
  const mercator = mercatorOf(places, [PAD, PAD, W - PAD, H - PAD]);
  const coast = land.value
    ?.flatMap((ring) => ringsIn(ring, mercator, [0, 0, W, H]))
    .map((ring) => `M${ring.join('L')}Z`);
  const xy = (at: readonly [number, number]) => mercator.xy(...at);
  const classes = classesOf([...laid.byRegion.values()].map(({ ratio }) => ratio));
  const most = laid.flows[0]?.tonnes ?? 1;
  const regions = sites.filter(({ kind }) => kind === 'region');
  const depots = sites.filter(({ kind }) => kind !== 'region');
  // the few among the many first, as in the brief that is a file
  const order = depots.length < regions.length ? [...depots, ...regions] : [...regions, ...depots];
  const named = labelled(order.map(({ id, at, name }) => ({ id, name, xy: xy(at) })));
  const nameOf = ({ id, name }: { id: string; name: string }) => {
    const label = named.get(id);
    return label && <text {...label}>{name}</text>;
  };
  return (
    <svg class="chart still" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={label}>
      <rect class="sea" width={W} height={H} />
      {coast && <path class="land" d={coast.join('')} fill-rule="evenodd" />}
      {laid.flows.slice(0, 150).map(({ from, to, tonnes }) => {
        if (!from.at || !to.at) return null;
        const [[x1, y1], [x2, y2]] = [xy(from.at), xy(to.at)];
        return (
          <path
            key={`${from.id}>${to.id}`}
            class="way"
            stroke-width={0.3 + 2 * Math.sqrt(tonnes / most)}
            d={`M${x1} ${y1}L${x2} ${y2}`}
          />
        );
      })}
      {depots.map(({ id, at }) => {
        const [x, y] = xy(at);
        return <rect key={id} class="depot" x={x - 2.5} y={y - 2.5} width={5} height={5} />;
      })}
      {regions.map(({ id, at }) => {
        const [x, y] = xy(at);
        const ratio = laid.byRegion.get(id)?.ratio ?? 0;
        const short = isShort(ratio, laid.floors.get(id) ?? 0);
        return (
          <circle
            key={id}
            class={short ? 'place short' : 'place'}
            fill={`var(--c${shadeAt(classOf(ratio, classes), classes.length)})`}
            cx={x}
            cy={y}
            r={RADIUS}
          />
        );
      })}
      {order.map(nameOf)}
    </svg>
  );
}

/** Right of the marker, else left of it, else above or below: where no other marker or name is; nowhere where all are taken. */
function labelled(places: readonly { id: string; name: string; xy: [number, number] }[]) {
  type Box = readonly [left: number, top: number, right: number, bottom: number];
  const taken: Box[] = places.map(({ xy: [x, y] }) => [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]);
  const shown = new Map<string, { key: string; x: number; y: number; 'text-anchor': 'start' | 'end' | 'middle' }>();
  for (const { id, name, xy } of places) {
    const [x, y] = xy;
    const wide = columnsOf(name) * LETTER;
    for (const [anchor, dx, dy] of [
      ['start', 9, 3],
      ['end', -9, 3],
      ['middle', 0, -9],
      ['middle', 0, 15],
    ] as const) {
      const left = x + dx - (anchor === 'start' ? 0 : anchor === 'end' ? wide : wide / 2);
      const box: Box = [left, y + dy - 8, left + wide, y + dy + 2];
      if (box[0] < 0 || box[2] > W || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      shown.set(id, { key: id, x: x + dx, y: y + dy, 'text-anchor': anchor });
      break;
    }
  }
  return shown;
}

const overlap = (a: readonly number[], b: readonly number[]): boolean =>
  [0, 1].every((n) => a[n]! < b[n + 2]! && b[n]! < a[n + 2]!);
