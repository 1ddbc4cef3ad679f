/** The record: every allocation, in order, where nobody can rewrite it. Start with README.md. */
export type { AdoptionState } from './adoptions.js';
export type { Bundle } from './bundle.js';
export { bundleEvidence, bundleSchema } from './bundle.js';
export { type Case, isSuperseded, waitsFor } from './cases.js';
export { type Checkpoint, openCheckpoint, peekCheckpoint } from './checkpoint.js';
export type { Checks } from './checks.js';
export { type Conflict, readConflicts } from './conflicts.js';
export { parseConsistency, verifyContinuation } from './consistency.js';
export { openStored, type StoredContent } from './contents.js';
export { cosignedAt } from './cosignature.js';
export type { CosigningOptions } from './cosigning.js';
export { verifyEd25519 } from './ed25519.js';
export { LedgerHeld, LedgerUnusable } from './errors.js';
export { maxAmendedReports, type Step, steps, verdicts } from './fieldbody.js';
export { byFault, type CheckField, nextEscalation, type Rung, type VerifiedReport } from './fieldcheck.js';
export type { DeclarationEntry, ResolutionContent } from './fieldverbs.js';
export { type KeyBody, type Role, revocationReasons, roleNames, usualOverlap } from './keybody.js';
export { keysInForce, type Organisation, type OrganisationKey, organisationViews } from './keyring.js';
export type { LocalLedger } from './ledger.js';
export { formatVerifierKey, type NoteKey, parseVerifierKey, type VerifyEd25519 } from './note.js';
export { type OpenOptions, openLedger } from './open.js';
export { cosignersOf, meetsQuorum, readPolicy, type TlogPolicy } from './policy.js';
export { readPolicyFile } from './policyfile.js';
export { parseProof, type TlogProof, verifyProof } from './proof.js';
export { type ReadOptions, verifyBundle, verifyDirectory, verifyPath } from './read.js';
export { type Rebuilt, rebuild } from './rebuild.js';
export { readServerUrl, removeServerUrl, writeServerUrl } from './serverurl.js';
export {
  type AmendmentContent,
  adoptionContent,
  amendmentContent,
  contentOf,
  type Draft,
  type DraftOf,
  documentFault,
  draftSchema,
  type SignedDocument,
  type Signer,
  signChange,
  signDraft,
  signedSchema,
  type VerificationContent,
  verificationContent,
} from './signed.js';
export * from './types.js';
export {
  type CheckAllocation,
  type Evidence,
  type FaultKind,
  type HeldBlob,
  type VerifyOptions,
  type VerifyReport,
  verify,
} from './verify.js';
