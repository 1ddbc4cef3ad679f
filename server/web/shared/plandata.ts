/** A plan as it is drawn, in its compact form; it never changes under its digest, so it is asked for once. */
import { PACKED_TYPE, PackedError } from '../../packed/container.js';
import { type PackedPlan, readPlan } from '../../packed/read.js';
import { ApiError, ask, get } from './api.js';
import { type Laid, layOut } from './plan.js';
import type { Scenario } from './scenario.js';
import { t } from './text.js';

const laid = new Map<string, Promise<Laid>>();

/** Plans kept at hand. */
const KEPT = 4;

export function loadPlan(digest: string): Promise<Laid> {
  const known = laid.get(digest);
  if (known) return known;
  const loading = load(digest);
  laid.set(digest, loading);
  loading.catch(() => laid.delete(digest));
  for (const old of laid.keys()) if (laid.size > KEPT) laid.delete(old);
  return loading;
}

/** All of the scenario, where what is drawn of it does not suffice. */
export const wholeScenario = ({ scenario: { digest } }: Laid): Promise<Scenario> => get(`/scenarios/${digest}`);

async function load(digest: string): Promise<Laid> {
  const response = await ask(`/allocations/${encodeURIComponent(digest)}`, { accept: PACKED_TYPE });
  const packed = read(new Uint8Array(await response.arrayBuffer()), digest);
  // a breath between reading and laying out: somebody may be typing
  await new Promise((resolve) => setTimeout(resolve));
  return layOut(packed);
}

function read(bytes: Uint8Array, digest: string): PackedPlan {
  try {
    return readPlan(bytes, digest);
  } catch (error) {
    if (!(error instanceof PackedError)) throw error;
    const type = 'urn:evenhand:problem:damaged';
    throw new ApiError({ type, status: 0, title: t('error.damaged'), detail: error.message });
  }
}
