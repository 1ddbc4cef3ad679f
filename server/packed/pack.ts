/** A plan with what is shown of its scenario, as columns. What is read back is what the JSON says, number by number; the JSON stays the record. */
import { crc32 } from 'node:zlib';
import type { Allocation } from '../../engine/types.js';
import type { Scenario } from '../../scenarios/schema.js';
import { fractionsOf, wholeColumn } from './columns.js';
import { writeConsignments } from './consignments.js';
import { type Column, readContainer, writeContainer } from './container.js';
import { writeCovered } from './covered.js';
import type { Head, Shapes, Sites } from './read.js';
import { depotSums, handlingFull, periodSums, SUMS } from './sums.js';

/** `digest`: of the allocation. Throws RangeError where the plan names what its scenario has not. */
export function packPlan(allocation: Allocation, scenario: Scenario, digest: string): Uint8Array<ArrayBuffer> {
  const columns = new Map<string, Column>();
  const { depots, hubs = [], regions, resources } = scenario;
  const places = [...depots, ...hubs, ...regions];
  const [site, region, resource] = [
    numberOf('place', places),
    numberOf('region', regions),
    numberOf('resource', resources),
  ] as const;

  columns.set('site.at', Float64Array.from(places.flatMap(({ at }) => at ?? [Number.NaN, Number.NaN])));
  for (const name of ['people', 'floor'] as const)
    columns.set(
      `region.${name}`,
      Float64Array.from(regions, (one) => one[name] ?? Number.NaN),
    );
  const modes = writeConsignments(columns, allocation, scenario, site, resource);
  writeCovered(columns, allocation, scenario, region, resource);
  const sums = periodSums(scenario, allocation);
  for (const name of SUMS) columns.set(`period.${name}`, sums[name]);
  const { had, left } = depotSums(scenario, allocation);
  columns.set('depot.had', had).set('depot.left', left);
  columns.set('handling.full', wholeColumn(handlingFull(scenario, allocation)));

  const { policy, stages, gap, solver, scenario: of } = allocation;
  const { byRegion: _, ...measures } = allocation.measures;
  const { id, title, periods } = scenario;
  const head: Head = {
    scenario: { id, digest: of.digest, ...(title === undefined ? {} : { title }), periods, resources },
    counts: { depots: depots.length, hubs: hubs.length, regions: regions.length },
    ...{ modes, lots: fractionsOf(resources), policy, stages, gap, solver, measures },
  };
  const sites: Sites = { ids: places.map(({ id }) => id), names: places.map(({ name = null }) => name) };
  const shapes: Shapes = regions.map(({ polygon = null }) => polygon);
  const json = new Map<string, unknown>(Object.entries({ head, sites }));
  if (shapes.some(Boolean)) json.set('shapes', shapes);
  return writeContainer({ digest, columns, json }, crc32);
}

/** The same with the receipt of the plan's entry, which changes as the log grows. */
export function withReceipt(packed: Uint8Array, receipt: unknown): Uint8Array<ArrayBuffer> {
  const container = readContainer(packed, crc32);
  container.json.set('receipt', receipt);
  return writeContainer(container, crc32);
}

function numberOf(what: string, list: readonly { id: string }[]): (id: string) => number {
  const numbers = new Map(list.map(({ id }, i) => [id, i]));
  return (id) => {
    const number = numbers.get(id);
    if (number === undefined) throw new RangeError(`The plan names the ${what} ${id}, which its scenario has not.`);
    return number;
  };
}
