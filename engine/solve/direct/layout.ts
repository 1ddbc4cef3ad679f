/**
 * One block of memory for a direct problem, shared by the WebAssembly kernel, its TypeScript twin and all threads. A frame at
 * its start holds the address of every array (`kernel.as.ts` reads the same words), so nothing is ever copied.
 *
 * Flows lie by (region, period of arrival), then arc, then resource, padded to a multiple of four lanes; a node is (depot, period).
 */

/** Words of the frame, in the order of the constants at the head of `kernel.as.ts`. */
const WORDS = [
  ...['x', 'x0', 'pi', 'pi0', 'need', 'worth', 'needStep', 'arc', 'group', 'goods', 'goods0', 'goodStep', 'supply'],
  ...['handling', 'handling0', 'handlingStep', 'handlingLimit', 'fleet', 'fleet0', 'fleetStep', 'fleetLimit', 'budget'],
  ...['sums', 'stride', 'bands', 'scratch', 'lanes', 'bandCount', 'periods', 'nodes', 'fleetRows', 'joint', 'shipped'],
  ...['cleanGoods', 'cleanHandling', 'goodsFactor', 'arcFactor', 'spare', 'room', 'fleets'],
  ...['sumsHandling', 'sumsFleet', 'sumsTotal', 'sumsLanes', 'sumsByFleet'],
  ...['cleanFleet', 'cost', 'best', 'met', 'open', 'given'],
] as const;

export type Word = (typeof WORDS)[number];

/** Position of each word in the frame. */
export const word = Object.fromEntries(WORDS.map((name, i) => [name, i])) as Record<Word, number>; // every word

/** 32-bit words of an arc's record, and their positions in it. */
export const RECORD = 10;
export const record = {
  node: 0,
  row: 1,
  perTonne: 2,
  km: 3,
  capacity: 4,
  price: 5,
  price0: 6,
  step: 7,
  column: 8,
  mode: 9,
} as const;

export interface Sizes {
  arcs: number;
  groups: number;
  depots: number;
  periods: number;
  resources: number;
  /** Fleets; one more without a limit is added for arcs that need none. */
  fleets: number;
  bands: number;
  threads: number;
}

export interface Layout extends Sizes {
  memory: WebAssembly.Memory | null;
  buffer: ArrayBufferLike;
  /** Resources padded to a multiple of four. */
  lanes: number;
  nodes: number;
  fleetRows: number;
  f32: Float32Array;
  f64: Float64Array;
  i32: Int32Array;
  /** Views of single arrays. */
  floats(name: Word, length: number): Float32Array;
  doubles(name: Word, length: number): Float64Array;
  ints(name: Word, length: number): Int32Array;
  /** Index into `f32` (or `i32`) at which an array starts. */
  start(name: Word): number;
  /** Sums of thread 0 over nodes, fleets and budget. */
  sums: { goods: Float32Array; handling: Float64Array; fleet: Float64Array; total: Float64Array };
  /** The same plan by (fleet, node), of one thread: goods, tonne-km and cost. */
  table(thread: number): { goods: Float32Array; km: Float64Array; cost: Float64Array };
}

const PAGE = 65536;
/** WebAssembly addresses are 32 bits wide. */
const MOST_BYTES = 2 ** 32 - PAGE;

/** Bytes that a problem of this size takes; undefined where 32-bit addresses do not reach. */
export function bytesOf(sizes: Sizes): number | undefined {
  const { total } = arrange(sizes);
  return total <= MOST_BYTES ? total : undefined;
}

function arrange(sizes: Sizes) {
  const { arcs, groups, depots, periods, resources, fleets, bands, threads } = sizes;
  const lanes = Math.ceil(resources / 4) * 4;
  const nodes = depots * periods;
  const fleetRows = (fleets + 1) * periods;
  const cells = (fleets + 1) * nodes;
  const offset: Partial<Record<Word, number>> = {};
  let total = Math.ceil((WORDS.length * 4) / 64) * 64;
  const place = (name: Word, bytes: number) => {
    offset[name] = total;
    total += Math.ceil(bytes / 64) * 64;
  };
  for (const name of ['x', 'x0', 'shipped', 'best'] as const) place(name, arcs * lanes * 4);
  for (const name of ['pi', 'pi0', 'need', 'worth', 'needStep', 'met', 'given'] as const)
    place(name, groups * lanes * 4);
  place('open', (nodes + arcs) * 4);
  place('arc', arcs * RECORD * 4);
  place('group', (groups + 1) * 4);
  for (const name of ['goods', 'goods0', 'goodStep', 'supply', 'cleanGoods', 'goodsFactor'] as const)
    place(name, nodes * lanes * 4);
  for (const name of ['handling', 'handling0', 'handlingStep', 'handlingLimit', 'cleanHandling'] as const)
    place(name, nodes * 8);
  for (const name of ['fleet', 'fleet0', 'fleetStep', 'fleetLimit', 'cleanFleet'] as const) place(name, fleetRows * 8);
  place('budget', 4 * 8);
  place('cost', 8);
  place('bands', bands * 8);
  place('scratch', periods * 12);
  place('arcFactor', cells * 4);
  place('spare', nodes * lanes * 8);
  place('room', (nodes + fleetRows + 1) * 8);
  const sums = { handling: nodes * lanes * 4, fleet: 0, total: 0, lanes: 0, byFleet: 0 };
  sums.fleet = sums.handling + nodes * 8;
  sums.total = sums.fleet + fleetRows * 8;
  sums.lanes = sums.total + 64;
  sums.byFleet = sums.lanes + lanes * 8;
  const stride = Math.ceil((sums.byFleet + cells * (lanes * 4 + 16)) / 128) * 128;
  place('sums', stride * threads);
  return { lanes, nodes, fleetRows, cells, offset, total, sums, stride };
}

/** Lays a problem out in memory that threads share; without SharedArrayBuffer in memory of one thread. */
export function layOut(sizes: Sizes): Layout {
  const { lanes, nodes, fleetRows, cells, offset, total, sums, stride } = arrange(sizes);
  if (total > MOST_BYTES) throw new RangeError(`${total} bytes are beyond 32-bit addresses`);
  const pages = Math.ceil(total / PAGE);
  const memory =
    typeof SharedArrayBuffer === 'undefined'
      ? null
      : new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const buffer = memory?.buffer ?? new ArrayBuffer(pages * PAGE);
  const frame = new Uint32Array(buffer, 0, WORDS.length);
  for (const name of Object.keys(offset) as Word[]) frame[word[name]] = offset[name]!;
  const set = (name: Word, value: number) => {
    frame[word[name]] = value;
  };
  set('stride', stride);
  set('lanes', lanes);
  set('bandCount', sizes.bands);
  set('periods', sizes.periods);
  set('nodes', nodes);
  set('fleetRows', fleetRows);
  set('fleets', sizes.fleets);
  set('sumsHandling', sums.handling);
  set('sumsFleet', sums.fleet);
  set('sumsTotal', sums.total);
  set('sumsLanes', sums.lanes);
  set('sumsByFleet', sums.byFleet);
  const address = (name: Word) => frame[word[name]]!;
  const base = address('sums');
  return {
    ...sizes,
    memory,
    buffer,
    lanes,
    nodes,
    fleetRows,
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    floats: (name, length) => new Float32Array(buffer, address(name), length),
    doubles: (name, length) => new Float64Array(buffer, address(name), length),
    ints: (name, length) => new Int32Array(buffer, address(name), length),
    start: (name) => address(name) / 4,
    sums: {
      goods: new Float32Array(buffer, base, nodes * lanes),
      handling: new Float64Array(buffer, base + sums.handling, nodes),
      fleet: new Float64Array(buffer, base + sums.fleet, fleetRows),
      total: new Float64Array(buffer, base + sums.total, 8),
    },
    table(thread) {
      const at = base + thread * stride + sums.byFleet;
      return {
        goods: new Float32Array(buffer, at, cells * lanes),
        km: new Float64Array(buffer, at + cells * lanes * 4, cells),
        cost: new Float64Array(buffer, at + cells * lanes * 4 + cells * 8, cells),
      };
    },
  };
}

/** Swaps two arrays of the frame. */
export function swap(layout: Layout, a: Word, b: Word): void {
  const frame = new Uint32Array(layout.buffer, 0, WORDS.length);
  [frame[word[a]], frame[word[b]]] = [frame[word[b]]!, frame[word[a]]!];
}

/** Sets a number in the frame. */
export function setWord(layout: Layout, name: Word, value: number): void {
  new Uint32Array(layout.buffer, 0, WORDS.length)[word[name]] = value;
}
