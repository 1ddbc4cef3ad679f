/** Floor 2: how to share. */
export { allocate } from './allocate.js';
export { allocationDigest, type Change, type Compared, type Comparison, compare, type Difference } from './compare.js';
export { AllocateError, type AllocateErrorKind } from './errors.js';
export {
  type Binding,
  type Bottlenecks,
  bindingsOf,
  bottlenecks,
  checkExplanation,
  type ExplainOptions,
  type ExplainQuery,
  type Explanation,
  explain,
  type Operation,
  patched,
  type Resolve,
} from './explain/index.js';
export {
  changeScenario,
  type Factor,
  type Factors,
  type Future,
  type FutureResult,
  type Futures,
  type FuturesOptions,
  type RouteChange,
  solveFutures,
} from './futures.js';
export { type CheckResult, check } from './proof/check.js';
export { type MpsOptions, writeMps } from './solve/mps.js';
export { isLpDocument, type LpDocument, lpDocument, lpToMps, readMps } from './solve/mps-read.js';
export type * from './types.js';
export { closePool, setThreads } from './workers/pool.js';
