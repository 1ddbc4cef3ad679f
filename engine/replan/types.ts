/** The plain data of re-planning: what has left, what has become of it, what was still to come. */
import { unlisted } from '../../scenarios/faults.js';
import type { Scenario } from '../../scenarios/index.js';
import { english, semicolons, type Text, wording } from '../../scenarios/wording.js';
import type { Allocation } from '../types.js';

/** What a consignment is known by: in each period one plan is in force, so no two have the same. */
export interface LineKey {
  resource: string;
  from: string;
  to: string;
  mode: string;
  depart: number;
}

/** A consignment of a plan that has not left yet; `quantity` in the resource's unit. */
export interface PlannedLine extends LineKey {
  quantity: number;
}

/** A consignment that has left: `quantity` of it left `from` and did not come back, `delivered` of that reached `to` in `arrived`. */
export interface ShippedLine extends PlannedLine {
  arrive: number;
  delivered?: number;
  arrived?: number;
}

/**
 * What was reported of a consignment, in the resource's unit: allocated = shipped + held + returned, delivered ≤ shipped. What is
 * held never left, what was returned is in the depot again when the plan is made anew.
 */
export interface Delivery extends LineKey {
  allocated: number;
  shipped: number;
  held: number;
  returned: number;
  delivered: number;
  /** Period in which it came; as planned where absent or null. */
  arrived?: number | null;
}

/** A plan and the scenario it was made for. */
export interface PlanInForce {
  scenario: Scenario;
  allocation: Allocation;
}

/** A consignment that was planned and cannot have left so, as the goods were not there; what is taken to have left in its place. */
export interface Assumed extends LineKey {
  planned: number;
  left: number;
}

/** Thrown where what was reported cannot be: each fault says where, what and how to mend it. */
export class CourseError extends Error {
  readonly faults: string[];

  constructor(
    /** The faults, for readers of other languages. */
    readonly said: readonly Text[],
  ) {
    super(english(semicolons(said)));
    this.faults = said.map(english);
    this.name = 'CourseError';
    unlisted(this, 'said');
  }
}

export const keyOf = ({ resource, from, to, mode, depart }: LineKey): string =>
  JSON.stringify([resource, from, to, mode, depart]);

export const nameOf = ({ resource, from, to, mode, depart }: LineKey): Text =>
  wording`${resource} from ${from} to ${to} by ${mode}, departing in period ${depart}`;
