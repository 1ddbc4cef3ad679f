/** Response levels: a table that rises, levels and tiers that it knows. */
import { show } from '../faults.js';
import { DEFAULT_RULES, FIGURES, LEVELS } from '../response/rules.js';
import { orderTiers } from '../tiers.js';
import { commas, wording } from '../wording.js';
import type { Context } from './context.js';
import { amountOf, type Entry, entries, type Fields, isFields, items, textOf } from './view.js';

export function checkResponse(context: Context): void {
  const { response } = context.root.fields;
  if (!isFields(response)) return;
  const entry: Entry = { path: ['response'], fields: response };
  const rules = entries(entry, 'rules');
  checkRules(context, rules);
  const known = [...new Set(rules.length > 0 ? rules.map((r) => r.fields.level) : DEFAULT_RULES.map((r) => r.level))];
  const { level } = response;
  if (LEVELS.some((l) => l === level) && !known.includes(level))
    context.report(
      ['response', 'level'],
      show(level),
      wording`is ${show(level)}, which the rules do not have`,
      wording`write one of ${commas(known.map(show))}, or give it a rule`,
    );
  const tiers = tierNames(context);
  if (tiers) checkUnlocks(context, rules, tiers);
}

/** Levels from the lowest up, each once; a figure never calls for a level from less than for the one below. */
function checkRules({ report }: Context, rules: readonly Entry[]): void {
  let last = -1;
  const highest = new Map<string, { from: number; level: string }>();
  for (const { path, fields } of rules) {
    const name = LEVELS.find((l) => l === fields.level);
    if (name === undefined) continue;
    const level = LEVELS.indexOf(name);
    if (level <= last)
      report(
        [...path, 'level'],
        show(name),
        wording`is ${show(name)}, after ${show(LEVELS[last])}`,
        wording`list each level once, from the lowest, IV, up to I`,
      );
    last = Math.max(last, level);
    if (!isFields(fields.from)) continue;
    if (Object.keys(fields.from).length === 0)
      report(
        [...path, 'from'],
        wording`an object`,
        wording`names no figure`,
        wording`write at least one of ${FIGURES.join(', ')}`,
      );
    for (const figure of FIGURES) {
      const from = amountOf(fields.from[figure]);
      if (from === undefined) continue;
      const below = highest.get(figure);
      if (below && from < below.from)
        report(
          [...path, 'from', figure],
          show(from),
          wording`is ${from}, less than level ${below.level} asks for`,
          wording`write ${below.from} or more: levels rise`,
        );
      else highest.set(figure, { from, level: name });
    }
  }
}

/** Tiers, lowest first; undefined where their order is not known, which is reported. */
function tierNames({ root, report }: Context): string[] | undefined {
  if (root.fields.tiers !== undefined) {
    // what is wrong with the list itself is for others to say
    const listed = entries(root, 'tiers').flatMap((tier) => textOf(tier, 'id') ?? []);
    return listed.length > 0 ? listed : undefined;
  }
  let known = true;
  const names = orderTiers({ depots: sites(root, 'depots'), regions: sites(root, 'regions') }, (path, ...rest) => {
    known = false;
    report(path, ...rest);
  });
  return known ? names : undefined;
}

function sites(root: Entry, list: string): { tier?: string }[] {
  const tierOf = (fields: Fields) => (typeof fields.tier === 'string' ? { tier: fields.tier } : {});
  return items(root, list).map((site) => (isFields(site) ? tierOf(site) : {}));
}

function checkUnlocks({ report, suggest }: Context, rules: readonly Entry[], tiers: readonly string[]): void {
  let last = -1;
  for (const rule of rules) {
    const tier = textOf(rule, 'unlocks');
    if (tier === undefined) continue;
    const at = tiers.indexOf(tier);
    if (at < 0)
      report(
        [...rule.path, 'unlocks'],
        show(tier),
        wording`names ${show(tier)}, which is not a tier of the scenario`,
        suggest(tier, () => tiers, wording`one of the tiers`),
      );
    else if (at < last)
      report(
        [...rule.path, 'unlocks'],
        show(tier),
        wording`is ${show(tier)}, below ${show(tiers[last])}, which a lower level unlocks`,
        wording`write ${show(tiers[last])} or a tier above it: levels rise`,
      );
    last = Math.max(last, at);
  }
}
