/**
 * The verifier as one module, without any import from Node: what a stranger runs on a bundle, a proof or a log over HTTP.
 * The command line, the mirror and a page use the same. Ed25519 is passed in: node:crypto, WebCrypto, or another.
 */
export { type Bundle, bundleEvidence, bundleSchema } from './bundle.js';
export { type Checkpoint, openCheckpoint, peekCheckpoint } from './checkpoint.js';
export { formatConsistency, parseConsistency, verifyContinuation } from './consistency.js';
export { cosignedAt } from './cosignature.js';
export { type NoteKey, openNote, parseNote, parseVerifierKey, type VerifyEd25519 } from './note.js';
export { cosignersOf, meetsQuorum, readPolicy, type TlogPolicy } from './policy.js';
export { parseProof, verifyProof } from './proof.js';
export { openSource, type Source, SourceError } from './source.js';
export {
  type CheckAllocation,
  type Evidence,
  type FaultKind,
  startReader,
  type VerifyOptions,
  type VerifyReport,
  verify,
} from './verify.js';
