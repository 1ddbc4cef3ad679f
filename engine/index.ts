/** Floor 2: how to share. */
export { allocate } from './allocate.js';
export { allocationDigest, compare, type Change, type Compared, type Comparison, type Difference } from './compare.js';
export { AllocateError, type AllocateErrorKind } from './errors.js';
export { type Binding, type Explanation, type ExplainQuery, explain } from './explain.js';
export { check, type CheckResult } from './proof/check.js';
export { type MpsOptions, writeMps } from './solve/mps.js';
export { isLpDocument, type LpDocument, lpDocument, lpToMps, readMps } from './solve/mps-read.js';
export type * from './types.js';
export { closePool, setThreads } from './workers/pool.js';
