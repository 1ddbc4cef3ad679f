/** Floor 2: how to share. */
export { allocate } from './allocate.js';
export * from './compare/index.js';
export { AllocateError, type AllocateErrorKind } from './errors.js';
export { type Binding, type ExplainQuery, type Explanation, explain } from './explain.js';
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
