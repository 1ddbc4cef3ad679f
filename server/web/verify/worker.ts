/**
 * What is verified in the browser, off the page's own thread, by the very modules that the command line runs: the ledger's
 * verifier with every check of engine and scenarios, and the exact checker of one plan. Nothing here believes the server.
 */
import { check } from '../../../engine/check.js';
import { checkExplanation } from '../../../engine/explain/check.js';
import { checkTwin } from '../../../engine/price.js';
import type { Allocation } from '../../../engine/types.js';
import { canonicalBytes } from '../../../scenarios/canonical.js';
import { scenarioDigest, sha256Hex } from '../../../scenarios/digest.js';
import type { Scenario } from '../../../scenarios/schema.js';
import type { Checks } from '../../ledger/checks.js';
import {
  bundleEvidence,
  openSource,
  parseVerifierKey,
  peekCheckpoint,
  verify,
  verifyProof,
} from '../../ledger/verifier.js';
import { movedFaults } from '../../replanning.js';
import { checkField } from '../../reports/check.js';
import { openEd25519 } from './ed25519.js';
import type { Answer, LedgerChecked, PlanChecked, ProofChecked, Question } from './protocol.js';

const CHECKS: Checks = { checkAllocation: check, checkTwin, checkExplanation, checkField, checkPast: movedFaults };

const tell = (answer: Answer) => postMessage(answer);

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  const work = data.task === 'ledger' ? checkLedger(data) : data.task === 'plan' ? checkPlan(data) : checkProof(data);
  work.then(
    (result) => tell({ is: 'result', result }),
    (error: unknown) => tell({ is: 'error', message: error instanceof Error ? error.message : String(error) }),
  );
});

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response;
}

/** All of the log, from its bundle. `kept`: key and checkpoint that this browser verified before, by log. */
async function checkLedger({ kept }: Question & { task: 'ledger' }): Promise<LedgerChecked> {
  const verifyEd25519 = await openEd25519();
  const bundle: unknown = await (await fetched('/ledger/bundle')).json();
  const evidence = bundleEvidence(bundle);
  if (!evidence) throw new Error('The server’s answer is no bundle of a ledger.');
  const { size = 0, origin = '' } = peekCheckpoint(evidence.checkpoint) ?? {};
  const before = kept[origin];
  const report = await verify(
    { ...evidence, seen: (seq) => tell({ is: 'progress', done: seq + 1, of: size }) },
    { ...CHECKS, verifyEd25519, ...(before ? { trustedKey: before.key, kept: before.checkpoint } : {}) },
  );
  return {
    task: 'ledger',
    report,
    origin,
    known: before !== undefined,
    key: evidence.verifierKey,
    checkpoint: evidence.checkpoint,
  };
}

/** That one entry is in the log under a signed checkpoint: RFC 6962 inclusion, C2SP tlog-proof. */
async function checkProof({ seq, text }: Question & { task: 'proof' }): Promise<ProofChecked> {
  const verifyEd25519 = await openEd25519();
  const proof = await (await fetched(`/ledger/proof/${seq}`)).text();
  const key = parseVerifierKey(await openSource(location.origin).verifierKey());
  const checkpoint = key && (await verifyProof(proof, new TextEncoder().encode(text), key, verifyEd25519));
  return { task: 'proof', seq, holds: checkpoint !== undefined, size: checkpoint?.size ?? 0, proof };
}

/** Values, bounds and gaps of a plan in exact arithmetic, and that plan and scenario are those of their digests. */
async function checkPlan({ digest }: Question & { task: 'plan' }): Promise<PlanChecked> {
  const began = performance.now();
  const { receipt: _, ...allocation } = (await (await fetched(`/allocations/${digest}`)).json()) as Allocation;
  const scenario = (await (await fetched(`/scenarios/${allocation.scenario.digest}`)).json()) as Scenario;
  tell({ is: 'progress', done: 0, of: 0 });
  const faults: string[] = [];
  if (sha256Hex(canonicalBytes(allocation)) !== digest) faults.push(`The plan is not that of the digest ${digest}.`);
  if (scenarioDigest(scenario) !== allocation.scenario.digest)
    faults.push(`The scenario is not that of the digest ${allocation.scenario.digest}.`);
  const result = check(allocation, scenario);
  faults.push(...result.faults);
  const { shipments } = allocation;
  const seconds = (performance.now() - began) / 1000;
  return { task: 'plan', digest, faults, stages: result.stages, shipments: shipments.length, seconds };
}
