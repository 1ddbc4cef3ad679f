/** Explanations: what other folders use. */
export type { Binding } from './bindings.js';
export { checkExplanation } from './check.js';
export { bottlenecks, type ExplainOptions, type ExplainQuery, explain } from './explain.js';
export { bindingsOf } from './read.js';
export type { Bottlenecks, Explanation, Resolve } from './types.js';
