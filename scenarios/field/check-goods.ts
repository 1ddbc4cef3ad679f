/** Needs and stocks: known places and goods, whole lots, exactly one thing said. */
import { items } from '../check/view.js';
import { show } from '../faults.js';
import { suggest } from '../nearest.js';
import { wording } from '../wording.js';
import { momentOf, names, placed, span, type View, wholeLots } from './view.js';

export function needRelations(view: View): void {
  const { root, report, known } = view;
  const { people, resources, more, to, until } = root.fields;
  placed(view, ['region']);
  span(view);
  const region = names(view, 'region', known.regions, wording`a region`);
  const resource = names(view, 'resource', known.resources, wording`a resource`);
  if (people === undefined && root.fields.resource === undefined)
    report(
      [],
      wording`nothing`,
      wording`does not say what is needed`,
      wording`state people, or resource with more or to`,
    );
  else if (people !== undefined)
    for (const field of ['resource', 'more', 'to'])
      if (root.fields[field] !== undefined)
        report(
          [field],
          show(root.fields[field]),
          wording`stands beside people`,
          wording`write a report for each of the two`,
        );
  if (people === undefined) {
    if (resources !== undefined)
      report(['resources'], show(resources), wording`stands without people`, wording`state people, or leave it out`);
    if (root.fields.resource !== undefined && more === undefined && to === undefined)
      report(
        [],
        wording`nothing`,
        wording`does not say how much is needed`,
        wording`state more (units more or fewer) or to (units now)`,
      );
    if (more !== undefined && to !== undefined)
      report(
        ['to'],
        show(to),
        wording`stands beside more`,
        wording`leave out one of the two: more changes the need, to states it`,
      );
  }
  for (const field of ['people', 'more'])
    if (root.fields[field] === 0)
      report([field], '0', wording`is 0, which changes nothing`, wording`state how many more or fewer`);
  wholeLots(view, 'more', resource);
  wholeLots(view, 'to', resource);
  if (until !== undefined && resource !== undefined && known.resources.get(resource)?.kind === 'durable')
    report(
      ['until'],
      show(until),
      wording`ends the need of a durable (${show(resource)})`,
      wording`leave it out: what fell due stays due; what must fall due no more is a report of its own, with more below 0`,
    );

  const seen = new Set<unknown>();
  items(root, 'resources').forEach((id, i) => {
    if (typeof id !== 'string' || id === '') return;
    if (!known.resources.has(id))
      report(
        ['resources', i],
        show(id),
        wording`names ${show(id)}, which is not a resource`,
        suggest(id, known.resources.keys(), wording`a resource`),
      );
    else if (seen.has(id))
      report(['resources', i], show(id), wording`is ${show(id)} a second time`, wording`leave it out`);
    seen.add(id);
  });
  const demand = known.scenario.regions[known.regions.get(region ?? '') ?? -1]?.demand;
  if (people !== undefined && resources === undefined && demand && Object.keys(demand).length === 0)
    report(
      [],
      wording`nothing`,
      wording`speaks of ${show(region)}, which has no demand so far`,
      wording`name the resources they need`,
    );
}

export function stockRelations(view: View): void {
  const { known } = view;
  placed(view, ['depot']);
  names(view, 'depot', known.depots, wording`a depot`);
  wholeLots(view, 'quantity', names(view, 'resource', known.resources, wording`a resource`));
  momentOf(view, 'from');
}
