/** The certificate: prices on a fixed-point grid, bound to scenario, policy and plan by digest. */
import { digestOf, type Scenario, scenarioDigest } from '../../scenarios/index.js';
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import type { Certificate, PriceBlock, PriceBlockName, Shipment, StageCertificate, Use } from '../types.js';
import type { Grid, Prices } from './bound.js';

/** Non-negative prices as a solver found them, dense by row of each block. */
export type RoughPrices = Record<PriceBlockName, Float64Array>;

/** Rows in each block; what they mean stands in engine/README.md. */
export function blockSizes(network: Network, policy: Policy): Record<PriceBlockName, number> {
  const { S, T, K, R, arcs, exact } = network;
  return {
    goods: S * T * K,
    route: arcs.count,
    handling: S * T,
    storage: S * T,
    fleet: exact.fleet.length,
    budget: 1,
    backlog: R * T * K,
    floor: R * K,
    maxmin: R * K,
    leximin: R * K,
    stage: policy.stages.length,
  };
}

/** Prices of zero in every block. */
export function noPrices(network: Network, policy: Policy): RoughPrices {
  const sizes = blockSizes(network, policy);
  // every block of blockSizes
  return Object.fromEntries(Object.entries(sizes).map(([b, size]) => [b, new Float64Array(size)])) as RoughPrices;
}

/** Every price is below 10^15, so that it is a safe integer on its block's grid. */
const DIGITS = 15;
const FINEST = 40;

/** Rounds prices to the finest grid that fits each block; what is negative is zero, what is zero is left out. */
export function writePrices(stage: StageCertificate['stage'], rough: RoughPrices): StageCertificate {
  return { stage, prices: writeBlocks(rough) };
}

/** The certificate of a ladder, level by level. */
export function writeLevels(levels: { pairs: Int32Array; prices: RoughPrices }[]): StageCertificate {
  return {
    stage: 'leximin',
    prices: {},
    levels: levels.map(({ pairs, prices }) => ({ pairs: [...pairs], prices: writeBlocks(prices) })),
  };
}

function writeBlocks(rough: RoughPrices): StageCertificate['prices'] {
  const prices: StageCertificate['prices'] = {};
  for (const name of Object.keys(rough) as PriceBlockName[]) {
    const block = writeBlock(rough[name]);
    if (block.rows.length) prices[name] = block;
  }
  return prices;
}

function writeBlock(rough: Float64Array): PriceBlock {
  let largest = 0;
  for (let row = 0; row < rough.length; row++) if (rough[row]! > largest) largest = rough[row]!;
  if (!(largest > 0)) return { grid: 0, rows: [], prices: [] };
  const grid = Math.max(0, Math.min(FINEST, DIGITS - 1 - Math.floor(Math.log10(largest))));
  const unit = 10 ** grid;
  const block: PriceBlock = { grid, rows: [], prices: [] };
  for (let row = 0; row < rough.length; row++) {
    // any prices are valid ones, so what is beyond the grid is cut
    const price = Math.min(Math.round(rough[row]! * unit), Number.MAX_SAFE_INTEGER);
    if (!(price > 0)) continue;
    block.rows.push(row);
    block.prices.push(price);
  }
  return block;
}

/** Dense exact prices of stage `s`; faults for anything that is not a price on a row of its block. */
export function readPrices(
  network: Network,
  policy: Policy,
  s: number,
  stage: Pick<StageCertificate, 'prices'>,
  place = `/certificate/stages/${s}`,
): { prices: Prices; faults: string[] } {
  const faults: string[] = [];
  const sizes = blockSizes(network, policy);
  const ladder = policy.stages.findIndex(({ stage }) => stage === 'leximin');
  const read = (name: PriceBlockName): Grid => {
    const units = new Float64Array(sizes[name]);
    const block = stage.prices[name];
    if (!block) return { scale: 0, units };
    const at = `${place}/prices/${name}`;
    if (!(Number.isInteger(block.grid) && block.grid >= 0 && block.grid <= FINEST)) {
      faults.push(`${at}/grid: ${block.grid}`);
      return { scale: 0, units };
    }
    if (block.rows.length !== block.prices.length) faults.push(`${at}: rows and prices differ in number`);
    // what each pair has is promised by this stage, and to nobody before it
    if (name === 'leximin' && !(ladder >= 0 && ladder <= s)) faults.push(`${at}: no stage 'leximin' came before`);
    // a later stage is no promise to an earlier one
    const end = name === 'stage' ? s : sizes[name];
    let last = -1;
    block.rows.forEach((row, i) => {
      const price = block.prices[i]!;
      if (!(Number.isInteger(row) && row > last && row < end)) faults.push(`${at}/rows/${i}: no such row: ${row}`);
      else if (!(Number.isSafeInteger(price) && price > 0)) faults.push(`${at}/prices/${i}: ${price}`);
      else if (!limited(network, name, row)) faults.push(`${at}/rows/${i}: row ${row} has no limit`);
      else if (name === 'stage' && row === ladder)
        faults.push(`${at}/rows/${i}: stage 'leximin' promises what each pair has (block 'leximin'), not a value`);
      else units[row] = price;
      last = row;
    });
    return { scale: block.grid, units };
  };
  const prices: Prices = {
    goods: read('goods'),
    route: read('route'),
    handling: read('handling'),
    storage: read('storage'),
    fleet: read('fleet'),
    budget: read('budget'),
    backlog: read('backlog'),
    floor: read('floor'),
    maxmin: read('maxmin'),
    leximin: read('leximin'),
    stage: read('stage'),
  };
  for (const name of Object.keys(stage.prices)) if (!(name in sizes)) faults.push(`unknown block of prices '${name}'`);
  return { prices, faults };
}

/** Whether the scenario limits what the row counts; an unlimited row can have no price. */
function limited(network: Network, name: PriceBlockName, row: number): boolean {
  const { T, K, exact, arcs, scenario } = network;
  if (name === 'route') return exact.capacity[arcs.route[row]!] !== null;
  if (name === 'handling') return exact.handling[row] !== null;
  if (name === 'storage') return exact.storage[Math.floor(row / T)] !== null;
  if (name === 'budget') return exact.budget !== null;
  if (name === 'backlog') return scenario.resources[row % K]!.kind === 'durable' && Math.floor(row / K) % T > 0;
  return true;
}

export const planDigest = (shipments: Shipment[], use: Use[]): string => digestOf({ shipments, use });
export const policyDigest = (policy: Policy): string => digestOf(policy.written);

/** Puts digests around the stages' prices; that of the scenario may be at hand. */
export function sealCertificate(
  scenario: Scenario,
  policy: Policy,
  shipments: Shipment[],
  use: Use[],
  stages: StageCertificate[],
  digest = scenarioDigest(scenario),
): Certificate {
  const body = {
    scenario: digest,
    policy: policyDigest(policy),
    plan: planDigest(shipments, use),
    stages,
  };
  return { digest: certificateDigest(body), ...body };
}

/** SHA-256 over the canonical JSON of everything but the digest itself. */
export function certificateDigest(certificate: Omit<Certificate, 'digest'>): string {
  const { scenario, policy, plan, stages } = certificate;
  return digestOf({ scenario, policy, plan, stages });
}
