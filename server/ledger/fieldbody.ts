/**
 * What entries say of reports from the field. Each step cites the one before by salted digest and place; words, places and
 * names are in the blobs, where they can be forgotten.
 */
import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.int().min(0);
const line = z.string().regex(/^\P{Cc}{1,300}$/u);

/** A report speaks of a scenario, a delivery of a plan as well, a correction of an earlier report. `photo` is a second blob of the entry. */
export const reportBody = z
  .strictObject({
    report: digest,
    scenario: digest,
    scenarioSeq: seq,
    allocation: digest.exactOptional(),
    allocationSeq: seq.exactOptional(),
    supersedes: digest.exactOptional(),
    supersedesSeq: seq.exactOptional(),
    photo: digest.exactOptional(),
  })
  .refine(
    (body) => 'allocation' in body === 'allocationSeq' in body && 'supersedes' in body === 'supersedesSeq' in body,
    'a citation has a digest and a place',
  );

export const verdicts = ['verified', 'rejected'] as const;

export const verificationBody = z.strictObject({
  verification: digest,
  report: digest,
  reportSeq: seq,
  verdict: z.enum(verdicts),
});

/** So many that the entry stays below 65,535 bytes. */
export const maxAmendedReports = 256;

/** From the scenario by verified reports to the one that results; the patch is in the blob. */
export const amendmentBody = z.strictObject({
  amendment: digest,
  scenario: digest,
  scenarioSeq: seq,
  result: digest,
  resultSeq: seq,
  /** In the order of the log. */
  verifications: z
    .array(z.strictObject({ verification: digest, verificationSeq: seq }))
    .min(1)
    .max(maxAmendedReports),
});

export const resolutionBody = z
  .strictObject({
    resolution: digest,
    report: digest,
    reportSeq: seq,
    amendment: digest.exactOptional(),
    amendmentSeq: seq.exactOptional(),
    allocation: digest.exactOptional(),
    allocationSeq: seq.exactOptional(),
  })
  .refine(
    (body) => 'amendment' in body === 'amendmentSeq' in body && 'allocation' in body === 'allocationSeq' in body,
    'a citation has a digest and a place',
  );

export const steps = ['verify', 'amend', 'resolve'] as const;
/** What a report waits for. */
export type Step = (typeof steps)[number];

/** Tiers by their id in the scenario, `due` when the lower one had to be done. The log's own word. */
export const escalationBody = z.strictObject({
  report: digest,
  reportSeq: seq,
  step: z.enum(steps),
  from: line,
  to: line,
  due: z.iso.datetime(),
});

/** IV to I, or none: the end of the response. */
const level = z.enum(['none', 'IV', 'III', 'II', 'I']);

/** From the scenario to the one with the level that was declared; beside it the level that its figures suggest. */
export const declarationBody = z.strictObject({
  declaration: digest,
  scenario: digest,
  scenarioSeq: seq,
  result: digest,
  resultSeq: seq,
  level,
  suggested: level,
});

export type ReportBody = z.infer<typeof reportBody>;
export type VerificationBody = z.infer<typeof verificationBody>;
export type AmendmentBody = z.infer<typeof amendmentBody>;
export type ResolutionBody = z.infer<typeof resolutionBody>;
export type EscalationBody = z.infer<typeof escalationBody>;
export type DeclarationBody = z.infer<typeof declarationBody>;
