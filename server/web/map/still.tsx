/** The map as one still picture, for paper: places by their coverage, the coast, the way of the goods. */
import { useLoad } from '../shared/load.js';
import { classesOf, classOf, isShort, type Laid, shadeAt } from '../shared/plan.js';
import { mercatorOf, ringsIn } from './mercator.js';

const [W, H, PAD] = [330, 380, 22];

export function StillMap({ laid, label }: { laid: Laid; label: string }) {
  const land = useLoad(async () => (await import('./land.js')).fetchLand(), []);
  const sites = [...laid.sites.values()].flatMap((site) => (site.at ? [{ ...site, at: site.at }] : []));
  if (sites.length === 0) return null;
  const mercator = mercatorOf(
    sites.map(({ at }) => at),
    [PAD, PAD, W - PAD, H - PAD],
  );
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
      {depots.map(({ id, at, name }) => {
        const [x, y] = xy(at);
        return (
          <g key={id}>
            <rect class="depot" x={x - 2.5} y={y - 2.5} width={5} height={5} />
            {named.has(id) && <Name name={name} x={x} y={y} />}
          </g>
        );
      })}
      {regions.map(({ id, at, name }) => {
        const [x, y] = xy(at);
        const ratio = laid.byRegion.get(id)?.ratio ?? 0;
        const short = isShort(ratio, laid.floors.get(id) ?? 0);
        return (
          <g key={id}>
            <circle
              class={short ? 'place short' : 'place'}
              fill={`var(--c${shadeAt(classOf(ratio, classes), classes.length)})`}
              cx={x}
              cy={y}
              r={6}
            />
            {named.has(id) && <Name name={name} x={x} y={y} />}
          </g>
        );
      })}
    </svg>
  );
}

function Name({ name, x, y }: { name: string; x: number; y: number }) {
  const left = x > W * 0.7;
  return (
    <text x={left ? x - 9 : x + 9} y={y + 3} text-anchor={left ? 'end' : 'start'}>
      {name}
    </text>
  );
}

/** Places whose names do not lie on another's. */
function labelled(places: readonly { id: string; name: string; xy: [number, number] | number[] }[]): Set<string> {
  const taken: [number, number, number][] = [];
  const shown = new Set<string>();
  for (const { id, name, xy } of places) {
    const [x = 0, y = 0] = xy;
    const width = name.length * 4.8;
    const left = x > W * 0.7 ? x - 9 - width : x + 9;
    if (taken.some(([l, t, w]) => Math.abs(t - y) < 10 && left < l + w && l < left + width)) continue;
    taken.push([left, y, width]);
    shown.add(id);
  }
  return shown;
}
