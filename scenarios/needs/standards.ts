/**
 * What a person needs: a table that planners may edit, each line with its source. `standards.json` beside the sources is the
 * one that is used where no other is named.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { amount, id, positive, share, text } from '../fields.js';
import { wording } from '../wording.js';
import { type Read, readBy } from './reading.js';

const perPhase = z.union([positive, z.record(id, positive)]).describe('one number, or one for each phase by its id');

const group = z
  .strictObject({
    sex: z.enum(['female', 'male']).exactOptional(),
    from: z.int().min(0).max(120).describe('youngest age in years (default 0)').exactOptional(),
    to: z.int().min(0).max(120).describe('oldest age in years, this year included (default no limit)').exactOptional(),
    share: share.describe('share of the people, where a region does not say how many there are'),
  })
  .describe('the item is only for them');

const common = {
  item: id.describe('id of the resource that it becomes'),
  name: text,
  unit: text.min(1).describe('what quantities are counted in'),
  weightKg: amount.describe('kilograms a unit'),
  volumeM3: amount.describe('cubic metres a unit').exactOptional(),
  lot: positive.describe('smallest whole quantity, in units (default 1)').exactOptional(),
  kcal: positive.describe('food energy a unit, kcal: only to check a ration by').exactOptional(),
  for: group.exactOptional(),
  source: id.describe('one of sources'),
  note: text.describe('where in the source, and what is assumed').exactOptional(),
};

const item = z.discriminatedUnion('rule', [
  z.strictObject({
    ...common,
    rule: z.literal('daily').describe('used up: so much a person a day'),
    perPersonDay: perPhase,
  }),
  z.strictObject({
    ...common,
    rule: z.literal('once').describe('handed out once'),
    personsPerUnit: perPhase.exactOptional(),
    unitsPerPerson: perPhase.exactOptional(),
  }),
  z.strictObject({
    ...common,
    rule: z.literal('every').describe('handed out anew after so many days'),
    days: z.int().min(1).max(3660),
    personsPerUnit: perPhase.exactOptional(),
    unitsPerPerson: perPhase.exactOptional(),
  }),
]);

const phase = z.strictObject({
  id,
  days: z.int().min(1).max(3660).describe('how long it lasts; the last phase has none').exactOptional(),
  note: text.exactOptional(),
});

export const standardsSchema = z
  .strictObject({
    standards: z.literal(1).describe('version of this format'),
    title: text,
    sources: z.record(id, text).describe('id → publication'),
    phases: z.array(phase).min(1).describe('in order of time'),
    items: z.array(item).min(1),
  })
  .describe('What a person needs, with sources');

export type Standards = z.infer<typeof standardsSchema>;
export type Item = Standards['items'][number];
export type Phase = Standards['phases'][number];

/** Reads a table of standards (JSON text): the table, or all that is wrong with it. */
export function readStandards(json: string): Read<Standards> {
  return readBy(standardsSchema, json, wording`The table`, (table, report) => {
    const phases = new Set(table.phases.map((p) => p.id));
    if (phases.size < table.phases.length)
      report(['phases'], wording`an id twice`, wording`has two phases of one id`, wording`rename one`);
    table.phases.forEach(({ days }, i) => {
      const last = i === table.phases.length - 1;
      if (last !== (days === undefined))
        report(
          ['phases', i, 'days'],
          days === undefined ? wording`nothing` : String(days),
          last ? wording`ends the last phase` : wording`is missing`,
          last ? wording`leave it out: the last phase goes on` : wording`state how many days the phase lasts`,
        );
    });
    const seen = new Set<string>();
    table.items.forEach((entry, i) => {
      if (seen.has(entry.item))
        report(['items', i, 'item'], entry.item, wording`is "${entry.item}" a second time`, wording`rename one`);
      seen.add(entry.item);
      if (!Object.hasOwn(table.sources, entry.source))
        report(
          ['items', i, 'source'],
          entry.source,
          wording`names "${entry.source}", which is not one of sources`,
          wording`add it there`,
        );
      const { from = 0, to = 120 } = entry.for ?? {};
      if (to < from) report(['items', i, 'for', 'to'], String(to), wording`is below from`, wording`exchange the two`);
      for (const [field, rate] of rates(entry)) {
        if (typeof rate === 'number') continue;
        for (const name of Object.keys(rate))
          if (!phases.has(name))
            report(
              ['items', i, field, name],
              name,
              wording`names "${name}", which is not a phase`,
              wording`use ${[...phases].join(', ')}`,
            );
        for (const name of phases)
          if (!Object.hasOwn(rate, name))
            report(
              ['items', i, field],
              wording`an object`,
              wording`says nothing of the phase "${name}"`,
              wording`state a number for each phase`,
            );
      }
      const stated = entry.rule === 'daily' ? 1 : rates(entry).length;
      if (stated !== 1)
        report(
          ['items', i],
          wording`${stated} rates`,
          wording`must have one rate`,
          wording`state personsPerUnit or unitsPerPerson, not both`,
        );
    });
  });
}

type Rate = number | Readonly<Record<string, number>>;

function rates(entry: Item): [field: string, rate: Rate][] {
  if (entry.rule === 'daily') return [['perPersonDay', entry.perPersonDay]];
  const { personsPerUnit, unitsPerPerson } = entry;
  return [
    ...(personsPerUnit === undefined ? [] : [['personsPerUnit', personsPerUnit] satisfies [string, Rate]]),
    ...(unitsPerPerson === undefined ? [] : [['unitsPerPerson', unitsPerPerson] satisfies [string, Rate]]),
  ];
}

/** The rate of an item in a phase, and how it is counted. */
export function rateIn(
  entry: Item,
  phase: string,
): { by: 'perPersonDay' | 'personsPerUnit' | 'unitsPerPerson'; value: number } {
  const [[by, rate] = ['perPersonDay', 0]] = rates(entry);
  const value = typeof rate === 'number' ? rate : (rate[phase] ?? 0);
  return { by: by as 'perPersonDay' | 'personsPerUnit' | 'unitsPerPerson', value }; // names from `rates` just above
}

const FILE = new URL('../../../scenarios/needs/standards.json', import.meta.url);

/** The table that comes with the program. Throws an Error where it is not where the package has it, or was changed for the worse. */
export function builtInStandards(): Standards {
  const read = readStandards(readFileSync(FILE, 'utf8'));
  if (!read.ok) throw new Error(read.faults.map((f) => f.message).join('\n'));
  return read.value;
}
