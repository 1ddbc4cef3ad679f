/** A recorded scenario against its entry's facts, and against what it says that it was made of. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { fromUtf8 } from './bytes.js';
import { contentDigest } from './digest.js';
import type { ScenarioBody } from './entry.js';
import { scenarioFacts } from './facts.js';
import type { Contents } from './known.js';
import { messageOf } from './messages.js';
import type { AmendmentDocument } from './types.js';
import type { HeldBlob, Report } from './verify.js';

export async function checkScenario(
  contents: Contents,
  body: ScenarioBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    // The digest was checked, and what is read is compared.
    const scenario = JSON.parse(fromUtf8(blob.bytes)) as Scenario;
    const facts = scenarioFacts(scenario);
    if (!says(body, { scenario: body.scenario, ...facts }))
      report(seq, 'binding', `entry ${seq} states other facts than the scenario that it records`);
    for (const fault of await pastFaults(contents, scenario))
      report(seq, 'binding', `the scenario of entry ${seq}: ${fault}`);
  } catch (error) {
    report(seq, 'binding', `the scenario of entry ${seq} cannot be read: ${messageOf(error)}`);
  }
}

/** Whether a body states these texts and numbers and nothing else. */
function says(body: object, facts: object): boolean {
  const stated = new Map<string, unknown>(Object.entries(body));
  const wanted = Object.entries(facts);
  return wanted.length === stated.size && wanted.every(([key, value]) => stated.get(key) === value);
}

/** What cannot be looked up, as it was forgotten or never on this record, is not judged. */
async function pastFaults(
  { checks, known, named: digests, evidence }: Contents,
  scenario: Scenario,
): Promise<string[]> {
  const { after } = scenario;
  if (!checks.checkPast || after?.base === undefined || after.allocation === undefined) return [];
  const named = async <T>(digest: string): Promise<T | undefined> => {
    const place = known.get(digest);
    const blob = place === undefined ? undefined : await evidence.blob(digests.digestAt(place));
    // A blob that is false has been reported with its own entry.
    if (!blob || contentDigest(blob.bytes) !== digest) return undefined;
    return JSON.parse(fromUtf8(blob.bytes)) as T;
  };
  const base = await named<Scenario>(after.base);
  const allocation = await named<Allocation>(after.allocation);
  const followed = allocation && (await named<Scenario>(allocation.scenario.digest));
  if (!base || !allocation || !followed) return [];
  const amendments: { digest: string; amendment: AmendmentDocument }[] = [];
  for (const digest of after.amendments ?? []) {
    const amendment = await named<AmendmentDocument>(digest);
    if (!amendment) return [];
    amendments.push({ digest, amendment });
  }
  return checks.checkPast(scenario, base, { allocation, scenario: followed }, amendments);
}
