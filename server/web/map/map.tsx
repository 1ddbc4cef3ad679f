/** The map of a plan: two canvases, moved by pointer, wheel and keys. What is chosen is the caller's. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Mapped } from '../shared/plan.js';
import { t } from '../shared/text.js';
import { drawBase, drawOver, type Look, type Shade } from './draw.js';
import { coastOf, type Ground, groundOf } from './ground.js';
import type { Mark } from './marks.js';

export interface MapProps {
  laid: Mapped;
  shade: Shade;
  /** What is pointed out; another list is another picture. */
  marks?: readonly Mark[];
  /** Regions alone, as in a comparison. */
  plain?: boolean;
  chosen: string | null;
  /** Pointed at for a moment; null when nothing is. */
  onPoint(id: string | null): void;
  onChoose(id: string | null): void;
}

const MOST = 40;
const NONE: readonly Mark[] = [];
const WHOLE: Look = { k: 1, tx: 0, ty: 0 };

export function PlanMap({ laid, shade, marks = NONE, plain = false, chosen, onPoint, onChoose }: MapProps) {
  const box = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const [coast, setCoast] = useState<Path2D | null>(null);
  const [colours, setColours] = useState(0);
  const [look, setLook] = useState(WHOLE);
  const [pointed, setPointed] = useState<string | null>(null);
  const ground = useMemo(() => (size ? groundOf(laid, size.width, size.height) : null), [laid, size]);
  const shown = pointed ?? chosen;
  const flows = useMemo(
    () => (shown === null || plain ? [] : laid.flows.filter(({ from, to }) => from.id === shown || to.id === shown)),
    [laid, shown],
  );

  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width > 0 && height > 0) setSize({ width, height });
    });
    watch.observe(box.current);
    const changed = () => setColours((n) => n + 1);
    addEventListener('evenhand-colours', changed);
    return () => {
      watch.disconnect();
      removeEventListener('evenhand-colours', changed);
    };
  }, []);

  useEffect(() => {
    let current = true;
    setCoast(null);
    // without a coast the map still says what it has to
    if (ground)
      coastOf(ground).then(
        (path) => current && setCoast(() => path),
        () => {},
      );
    return () => {
      current = false;
    };
  }, [ground]);

  useEffect(() => {
    if (!ground || !size || !base.current) return;
    fit(base.current, size);
    drawBase(base.current, ground, coast, { laid, shade, plain, marks }, look);
    // for whoever measures how soon there is a picture
    performance.mark('evenhand-map');
  }, [ground, coast, laid, shade, marks, look, colours]);

  useEffect(() => {
    if (!ground || !size || !over.current) return;
    fit(over.current, size);
    drawOver(over.current, ground, coast, laid, flows, shown, look);
  }, [ground, coast, laid, flows, shown, look, colours]);

  const point = (id: string | null) => {
    if (id === pointed) return;
    setPointed(id);
    onPoint(id);
  };
  const zoom = (by: number, at?: { x: number; y: number }) =>
    setLook((now) => {
      if (!size) return now;
      const k = Math.min(MOST, Math.max(1, now.k * by));
      const { x, y } = at ?? { x: size.width / 2, y: size.height / 2 };
      return kept({ k, tx: x - ((x - now.tx) * k) / now.k, ty: y - ((y - now.ty) * k) / now.k }, size);
    });
  const move = (dx: number, dy: number) =>
    setLook((now) => (size ? kept({ ...now, tx: now.tx + dx, ty: now.ty + dy }, size) : now));
  const hand = useHand({ ground, look, over, point, choose: onChoose, move, zoom });

  return (
    <div class="mapbox" ref={box}>
      <canvas ref={base} />
      {/* moved by keys; the list beside it says in words what it shows */}
      <canvas ref={over} role="img" tabIndex={0} aria-label={t('map.label')} {...hand} />
      <div class="zoom">
        <button type="button" aria-label={t('map.in')} onClick={() => zoom(1.6)}>
          +
        </button>
        <button type="button" aria-label={t('map.out')} onClick={() => zoom(1 / 1.6)}>
          −
        </button>
        <button type="button" aria-label={t('map.fit')} onClick={() => setLook(WHOLE)}>
          ⤢
        </button>
      </div>
    </div>
  );
}

function fit(canvas: HTMLCanvasElement, { width, height }: { width: number; height: number }): void {
  const [w, h] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

/** Never all of it out of sight. */
function kept({ k, tx, ty }: Look, { width, height }: { width: number; height: number }): Look {
  const within = (t: number, size: number) => Math.min(size / 2, Math.max(size / 2 - size * k, t));
  return { k, tx: within(tx, width), ty: within(ty, height) };
}

interface Hand {
  ground: Ground | null;
  look: Look;
  over: { current: HTMLCanvasElement | null };
  point(id: string | null): void;
  choose(id: string | null): void;
  move(dx: number, dy: number): void;
  zoom(by: number, at?: { x: number; y: number }): void;
}

/** What pointer, wheel and keys do. */
function useHand({ ground, look, over, point, choose, move, zoom }: Hand) {
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const latest = useRef(zoom);
  latest.current = zoom;

  useEffect(() => {
    const canvas = over.current;
    // only where it is meant: the page is scrolled with the same wheel
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      latest.current(1.0015 ** -event.deltaY, { x: event.offsetX, y: event.offsetY });
    };
    canvas?.addEventListener('wheel', wheel, { passive: false });
    return () => canvas?.removeEventListener('wheel', wheel);
  }, []);

  const find = (event: PointerEvent): string | null => {
    const context = over.current?.getContext('2d');
    if (!ground || !context) return null;
    const [x, y] = [(event.offsetX - look.tx) / look.k, (event.offsetY - look.ty) / look.k];
    const close = ground.others.find((one) => Math.hypot(one.x - x, one.y - y) < 9 / look.k);
    if (close) return close.site.id;
    const bare = ground.regions.find((one) => !one.cell && Math.hypot(one.x - x, one.y - y) < 12 / look.k);
    if (bare) return bare.site.id;
    // paths are tested in the canvas's own pixels
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    const found = ground.regionAt(x, y, context);
    context.restore();
    return found;
  };

  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(60, 0),
    ArrowRight: () => move(-60, 0),
    ArrowUp: () => move(0, 60),
    ArrowDown: () => move(0, -60),
    '+': () => zoom(1.6),
    '=': () => zoom(1.6),
    '-': () => zoom(1 / 1.6),
    Escape: () => choose(null),
  };

  return {
    onPointerDown: (event: PointerEvent) => {
      drag.current = { x: event.offsetX, y: event.offsetY, moved: false };
      if (event.pointerType === 'mouse') over.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const from = drag.current;
      if (!from) return point(find(event));
      const [dx, dy] = [event.offsetX - from.x, event.offsetY - from.y];
      if (!from.moved && Math.hypot(dx, dy) < 4) return;
      drag.current = { x: event.offsetX, y: event.offsetY, moved: true };
      move(dx, dy);
    },
    onPointerUp: (event: PointerEvent) => {
      const moved = drag.current?.moved;
      drag.current = null;
      if (!moved) choose(find(event));
    },
    onPointerCancel: () => {
      drag.current = null;
    },
    onPointerLeave: () => {
      if (!drag.current) point(null);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
  };
}
