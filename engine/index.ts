/** Floor 2: how to share. */
export { type Operation, patched } from '../scenarios/index.js';
export { allocate } from './allocate.js';
export { check } from './check.js';
export * from './compare/index.js';
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
  type Resolve,
} from './explain/index.js';
export {
  DIALS,
  type DialPlan,
  type DialProgress,
  type DialResult,
  type Frontier,
  type FrontierDocument,
  type FrontierOptions,
  type FrontierProgress,
  readDials,
  solveFrontier,
} from './frontier.js';
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
export { checkTwin } from './price.js';
export type { CheckResult } from './proof/check.js';
export {
  type CarriedOut,
  CourseError,
  carryOut,
  type Delivery,
  type Effect,
  effectBetween,
  type MovedOn,
  type MoveOn,
  moveOn,
  type PlanInForce,
  type Variance,
  type VarianceRow,
  varianceOf,
} from './replan/index.js';
export * from './report/index.js';
export { lpPieces } from './solve/cplex-lp.js';
export { type MpsOptions, mpsPieces, writeMps } from './solve/mps.js';
export { isLpDocument, type LpDocument, lpDocument, lpToMps, readMps } from './solve/mps-read.js';
export { allocateTwins, type Twins } from './twins.js';
export type * from './types.js';
export { closePool, setThreads } from './workers/pool.js';
