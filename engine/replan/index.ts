/** Re-planning: what crosses the border of this folder. */
export { type CarriedOut, carryOut } from './carryout.js';
export { type Effect, effectBetween } from './effect.js';
export { type MovedOn, type MoveOn, moveOn } from './moveon.js';
export type { Assumed, Delivery, LineKey, PlanInForce, PlannedLine, ShippedLine } from './types.js';
export { CourseError } from './types.js';
export { type Variance, type VarianceRow, varianceOf } from './variance.js';
