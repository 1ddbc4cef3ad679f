/** Draws the two layers: what stays while one points around, and what belongs to the place that is pointed at. */
import type { Flow, Mapped } from '../shared/plan.js';
import { colour } from '../shared/theme.js';
import type { Ground, Placed } from './ground.js';
import { drawMarks, type Mark } from './marks.js';

export interface Look {
  /** Pixels of the plane: x' = k·x + tx. */
  k: number;
  tx: number;
  ty: number;
}

/** How a region is drawn: the custom property of its colour, and whether it is hatched; null where there is nothing to say. */
export type Shade = (region: string) => { colour: string; hatched: boolean } | null;

export interface Drawn {
  laid: Mapped;
  marks: readonly Mark[];
  shade: Shade;
  /** Regions alone: no depots, no flows. */
  plain: boolean;
}

/** Grouped flows drawn while nothing is chosen: the heaviest, more would be a grey cloth. */
const FLOWS = 400;
const LABELS = 60;

function begin(canvas: HTMLCanvasElement, { k, tx, ty }: Look): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  const dpr = devicePixelRatio;
  context?.setTransform(1, 0, 0, 1, 0, 0);
  context?.clearRect(0, 0, canvas.width, canvas.height);
  context?.setTransform(dpr * k, 0, 0, dpr * k, dpr * tx, dpr * ty);
  return context;
}

export function drawBase(
  canvas: HTMLCanvasElement,
  ground: Ground,
  coast: Path2D | null,
  { laid, shade, plain, marks }: Drawn,
  look: Look,
): void {
  const context = begin(canvas, look);
  if (!context) return;
  const { k } = look;
  if (coast) {
    context.fillStyle = colour('land');
    context.fill(coast, 'evenodd');
  }
  context.save();
  if (coast && !ground.polygons) context.clip(coast, 'evenodd');
  const fills = new Map<string, string>();
  const fillOf = (name: string) => {
    const known = fills.get(name) ?? colour(name);
    fills.set(name, known);
    return known;
  };
  const hatch = hatching(context, k);
  for (const { site, cell } of ground.regions) {
    const shown = shade(site.id);
    if (!cell || shown === null) continue;
    context.fillStyle = fillOf(shown.colour);
    context.fill(cell, 'evenodd');
    if (hatch && shown.hatched) {
      context.fillStyle = hatch;
      context.fill(cell, 'evenodd');
    }
  }
  context.strokeStyle = colour('paper');
  context.lineWidth = (ground.regions.length > 600 ? 0.35 : 1) / k;
  for (const { cell } of ground.regions) if (cell) context.stroke(cell);
  context.restore();
  if (coast) {
    context.strokeStyle = colour('coast');
    context.lineWidth = 1 / k;
    context.stroke(coast);
  }
  if (!plain) drawFlows(context, ground, laid.flows.slice(0, FLOWS), laid.flows[0]?.tonnes ?? 1, k, 0.3, false);
  for (const { site, x, y, cell } of ground.regions) {
    if (cell) continue;
    context.beginPath();
    context.arc(x, y, 7 / k, 0, 2 * Math.PI);
    context.fillStyle = fillOf(shade(site.id)?.colour ?? 'line');
    context.fill();
    context.strokeStyle = colour('ink');
    context.stroke();
  }
  if (!plain) drawDepots(context, ground.others, laid, k);
  if (ground.regions.length <= LABELS) drawNames(context, ground, k);
  // numbers of reports are not to be hidden by names
  drawMarks(context, ground, marks, k);
}

/** What is chosen or pointed at: its outline, and all that goes there or comes from there. */
export function drawOver(
  canvas: HTMLCanvasElement,
  ground: Ground,
  coast: Path2D | null,
  laid: Mapped,
  flows: readonly Flow[],
  chosen: string | null,
  look: Look,
): void {
  const context = begin(canvas, look);
  const placed = chosen === null ? undefined : ground.places.get(chosen);
  if (!context || !placed) return;
  const { k } = look;
  const cell = ground.regions.find(({ site }) => site.id === chosen)?.cell;
  context.strokeStyle = colour('ink');
  context.lineWidth = 2.5 / k;
  if (cell) {
    context.save();
    if (coast && !ground.polygons) context.clip(coast, 'evenodd');
    context.stroke(cell);
    context.restore();
  }
  drawFlows(context, ground, flows, laid.flows[0]?.tonnes ?? 1, k, 1, true);
  drawDepots(
    context,
    [...new Set(flows.flatMap(({ from, to }) => [from.id, to.id]))].flatMap(
      (id) => ground.others.find(({ site }) => site.id === id) ?? [],
    ),
    laid,
    k,
  );
  context.beginPath();
  context.arc(placed.x, placed.y, 9 / k, 0, 2 * Math.PI);
  context.lineWidth = 2.5 / k;
  context.strokeStyle = colour('ink');
  context.stroke();
  label(context, placed, k, true);
}

function drawFlows(
  context: CanvasRenderingContext2D,
  { places }: Ground,
  flows: readonly Flow[],
  most: number,
  k: number,
  alpha: number,
  arrows: boolean,
): void {
  context.save();
  context.globalAlpha = alpha;
  context.lineCap = 'round';
  const [usual, full] = [colour('flow'), colour('mark')];
  for (const { from, to, tonnes, full: isFull } of flows) {
    const [a, b] = [places.get(from.id), places.get(to.id)];
    if (!a || !b) continue;
    const width = (0.8 + 5 * Math.sqrt(tonnes / most)) / k;
    context.lineWidth = width;
    context.strokeStyle = isFull ? full : usual;
    context.fillStyle = context.strokeStyle;
    // not by colour alone
    context.setLineDash(isFull ? [7 / k, 5 / k] : []);
    // bent a little, so that the way there and the way back are two
    const [mx, my] = [(a.x + b.x) / 2 + (b.y - a.y) * 0.09, (a.y + b.y) / 2 - (b.x - a.x) * 0.09];
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.quadraticCurveTo(mx, my, b.x, b.y);
    context.stroke();
    if (arrows) arrow(context, mx, my, b, width + 5 / k);
  }
  context.restore();
}

function arrow(context: CanvasRenderingContext2D, fromX: number, fromY: number, { x, y }: Placed, size: number): void {
  const angle = Math.atan2(y - fromY, x - fromX);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - size * 1.7 * Math.cos(angle - 0.42), y - size * 1.7 * Math.sin(angle - 0.42));
  context.lineTo(x - size * 1.7 * Math.cos(angle + 0.42), y - size * 1.7 * Math.sin(angle + 0.42));
  context.closePath();
  context.fill();
}

/** A square a depot, filled from below by the share that is left; a hub is a diamond. */
function drawDepots(context: CanvasRenderingContext2D, others: readonly Placed[], laid: Mapped, k: number): void {
  const size = (others.length > 150 ? 7 : 11) / k;
  const [paper, depot] = [colour('paper'), colour('depot')];
  context.lineWidth = 1.6 / k;
  context.strokeStyle = depot;
  for (const { site, x, y } of others) {
    context.fillStyle = paper;
    if (site.kind === 'hub') {
      context.beginPath();
      context.moveTo(x, y - size * 0.7);
      context.lineTo(x + size * 0.7, y);
      context.lineTo(x, y + size * 0.7);
      context.lineTo(x - size * 0.7, y);
      context.closePath();
      context.fill();
      context.stroke();
      continue;
    }
    const { had = 0, left = 0 } = laid.stocks.get(site.id) ?? {};
    context.fillRect(x - size / 2, y - size / 2, size, size);
    context.fillStyle = depot;
    const share = had > 0 ? Math.max(0, Math.min(1, left / had)) : 0;
    context.fillRect(x - size / 2, y + size / 2 - size * share, size, size * share);
    context.strokeRect(x - size / 2, y - size / 2, size, size);
  }
}

function drawNames(context: CanvasRenderingContext2D, ground: Ground, k: number): void {
  const taken: { x: number; y: number; w: number }[] = [];
  for (const placed of ground.regions) {
    context.font = `600 ${12 / k}px system-ui, "Noto Sans", sans-serif`;
    const w = context.measureText(placed.site.name).width;
    const [x, y] = [placed.x, placed.y - 11 / k];
    if (taken.some((other) => Math.abs(other.y - y) < 15 / k && Math.abs(other.x - x) < (other.w + w) / 2 + 6 / k))
      continue;
    taken.push({ x, y, w });
    label(context, placed, k, false);
  }
}

function label(context: CanvasRenderingContext2D, { site, x, y }: Placed, k: number, strong: boolean): void {
  context.font = `${strong ? 700 : 600} ${(strong ? 14 : 12) / k}px system-ui, "Noto Sans", sans-serif`;
  context.textAlign = 'center';
  context.lineJoin = 'round';
  context.lineWidth = 3.5 / k;
  context.strokeStyle = colour('paper');
  if (strong) {
    // it may lie on other names
    const width = context.measureText(site.name).width + 8 / k;
    context.fillStyle = context.strokeStyle;
    context.fillRect(x - width / 2, y - 27 / k, width, 18 / k);
  }
  context.strokeText(site.name, x, y - 13 / k);
  context.fillStyle = colour('ink');
  context.fillText(site.name, x, y - 13 / k);
}

function hatching(context: CanvasRenderingContext2D, k: number): CanvasPattern | null {
  const dpr = devicePixelRatio;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8 * dpr;
  const draw = tile.getContext('2d');
  if (!draw) return null;
  // each line has a light one below it, so that it is seen on a colour that is its own
  for (const [name, width] of [
    ['paper', 3.2],
    ['mark', 1.4],
  ] as const) {
    draw.strokeStyle = colour(name);
    draw.lineWidth = width * dpr;
    draw.beginPath();
    for (const from of [-8, 0, 8]) {
      draw.moveTo(from * dpr, 8 * dpr);
      draw.lineTo((from + 8) * dpr, 0);
    }
    draw.stroke();
  }
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / (k * dpr)));
  return pattern;
}
