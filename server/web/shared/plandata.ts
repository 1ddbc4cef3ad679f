/** A plan with its scenario; neither ever changes under its digest, so each is asked for once. */
import { get } from './api.js';
import { type Allocation, type Laid, layOut } from './plan.js';
import type { Scenario } from './scenario.js';

const laid = new Map<string, Promise<Laid>>();

/** Plans kept at hand: a nation's takes a hundred megabytes. */
const KEPT = 4;

export function loadPlan(digest: string): Promise<Laid> {
  const known = laid.get(digest);
  if (known) return known;
  const loading = read(digest);
  laid.set(digest, loading);
  loading.catch(() => laid.delete(digest));
  for (const old of laid.keys()) if (laid.size > KEPT) laid.delete(old);
  return loading;
}

async function read(digest: string): Promise<Laid> {
  const allocation = await get<Allocation>(`/allocations/${encodeURIComponent(digest)}`);
  return layOut(await get<Scenario>(`/scenarios/${allocation.scenario.digest}`), allocation);
}
