/**
 * Names of columns and rows that stay when a scenario is changed, so that the basis of one linear program can start the next. Arcs are
 * numbered by what is open, so flows and route rows go by route and period.
 */
import type { Network } from '../network.js';
import type { StageModel } from '../solve/model.js';

/** Bands of a need, at most (the schema allows 1,000). */
const BANDS = 1024;
/** Above every row number of a block. */
const BLOCK = 2 ** 44;

const BLOCKS = ['goods', 'route', 'handling', 'storage', 'fleet', 'budget', 'backlog', 'floor', 'maxmin', 'stage'];
const KINDS = ['ship', 'store', 'band', 'floor', 'z', 'beyond'];

/** What the columns of a model stand for, in their order. */
export interface Columns {
  /** The same number for the same thing in every scenario with these sites, resources, routes and periods. */
  key: Float64Array;
  /** Number of the need that a band belongs to, −1 for other columns. */
  need: Int32Array;
  /** Arc of a flow, −1 for other columns. */
  arc: Int32Array;
  /** Resource of a flow, −1 for other columns. */
  resource: Int32Array;
  /** Lots that one unit of the column is, for flows and bands; 0 for others. */
  lots: Float64Array;
}

export function describeColumns(network: Network, model: StageModel): Columns {
  const { arcs, T, K } = network;
  const { columns } = model.lp;
  const key = new Float64Array(columns);
  const need = new Int32Array(columns).fill(-1);
  const arc = new Int32Array(columns).fill(-1);
  const flow = new Int32Array(columns).fill(-1);
  let last = -1;
  let band = 0;
  for (let j = 0; j < columns; j++) {
    const [kind = '', number = '0'] = model.columnName(j).split('_');
    let index = Number(number);
    if (kind === 'ship' || kind === 'beyond') {
      const a = Math.floor(index / K);
      arc[j] = a;
      flow[j] = index;
      index = (arcs.route[a]! * T + arcs.depart[a]!) * K + (index % K);
    } else if (kind === 'band') {
      need[j] = index;
      band = index === last ? band + 1 : 0;
      last = index;
      index = index * BANDS + band;
    }
    key[j] = KINDS.indexOf(kind) * BLOCK * 64 + index;
  }
  const resource = Int32Array.from(flow, (i) => (i >= 0 ? i % K : -1));
  return { key, need, arc, resource, lots: lotsPerUnit(network, model, need, flow) };
}

/** The model counts in units near a tonne: a plan of ones in every column tells how many lots each is. */
function lotsPerUnit(network: Network, model: StageModel, need: Int32Array, flow: Int32Array): Float64Array {
  const bands = new Float64Array(network.need.length);
  for (const i of need) if (i >= 0) bands[i]!++;
  const parts = new Float64Array(network.upper.ship.length);
  for (const i of flow) if (i >= 0) parts[i]!++;
  const { met, ship } = model.plan(new Float64Array(need.length).fill(1));
  return Float64Array.from(need, (i, j) =>
    i >= 0 ? met[i]! / bands[i]! : flow[j]! >= 0 ? ship[flow[j]!]! / parts[flow[j]!]! : 0,
  );
}

export function rowKeys(network: Network, model: StageModel): Float64Array {
  const { arcs, T } = network;
  return Float64Array.from({ length: model.lp.rows }, (_, i) => {
    const [block = '', number = '0'] = model.rowName(i).split('_');
    const row = Number(number);
    const index = block === 'route' ? arcs.route[row]! * T + arcs.depart[row]! : row;
    return BLOCKS.indexOf(block) * BLOCK + index;
  });
}
