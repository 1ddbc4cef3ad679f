/** Comparison of allocations: what crosses the border of this folder. */
export { scenarioDifferences } from './amended.js';
export { allocationDigest, type Comparing, compare, startComparison } from './compare.js';
export { csvHead, csvReference, csvRows } from './csv.js';
export { lorenzAt } from './lorenz.js';
export { dominance } from './pareto.js';
export type * from './types.js';
