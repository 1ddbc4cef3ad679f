/** The kinds of place that a report can speak of, in words. */
import { type Text, wording } from '../wording.js';

export type PlaceKind = 'route' | 'site' | 'fleet' | 'region' | 'depot';

export const A_PLACE: Record<PlaceKind, Text> = {
  route: wording`a route`,
  site: wording`a site`,
  fleet: wording`a fleet`,
  region: wording`a region`,
  depot: wording`a depot`,
};

/** As in "no route". */
export const PLACE: Record<PlaceKind, Text> = {
  route: wording`route`,
  site: wording`site`,
  fleet: wording`fleet`,
  region: wording`region`,
  depot: wording`depot`,
};
