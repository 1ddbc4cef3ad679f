/** The suite `solve`: the structured solver and its peers, instance by instance; then the LP put to packages and programs. */
import { districtFutures } from './futures.js';
import { large } from './large.js';
import { packages } from './packages.js';
import { passes } from './passes.js';
import { rePlan } from './replan.js';
import { single } from './single.js';
import { structured } from './structured.js';
import type { Suite } from './suites.js';
import { whole } from './whole.js';

export const solve: Suite = async (bench) => {
  passes(bench);
  await structured(bench);
  await large(bench);
  await whole(bench);
  await rePlan(bench);
  await districtFutures(bench);
  await single(bench);
  await packages(bench);
};
