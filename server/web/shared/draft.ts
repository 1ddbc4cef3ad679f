/** A report as it is typed: kept at every stroke, and made into a report when it is sent. */
import type { FieldReport } from '../../../scenarios/field/report.js';
import type { Places } from './places.js';
import { t } from './text.js';

export const KINDS = ['obstacle', 'need', 'stock'] as const;
type Kind = (typeof KINDS)[number];

/** As it is typed: kept at every stroke, so that nothing is lost on a reload. */
export interface Draft {
  kind: Kind;
  by: string;
  text: string;
  from: string;
  /** Where the route begins. */
  start: string;
  route: string;
  change: 'closed' | 'open' | 'capacity' | 'slower';
  amount: string;
  region: string;
  people: string;
  depot: string;
  resource: string;
  stock: 'found' | 'lost' | 'expired' | 'arrived';
  quantity: string;
}

export const EMPTY: Draft = {
  ...{ kind: 'obstacle', by: '', text: '', from: '0', start: '', route: '', change: 'closed', amount: '' },
  ...{ region: '', people: '', depot: '', resource: '', stock: 'lost', quantity: '' },
};
export const DRAFT = 'evenhand-draft';

export function keptDraft(): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(DRAFT) ?? '{}') as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

export const routeKey = ({ from, to, mode }: { from: string; to: string; mode: string }) => `${from} → ${to} (${mode})`;

/** The report, or what is missing in words. The server judges the rest, with the place and the mend of each fault. */
export function reportOf(draft: Draft, places: Places): FieldReport | string {
  const head = {
    report: 1 as const,
    scenario: places.digest,
    observed: new Date().toISOString(),
    by: draft.by.trim(),
    ...(draft.text.trim() === '' ? {} : { text: draft.text.trim() }),
  };
  const from = Number(draft.from);
  switch (draft.kind) {
    case 'obstacle': {
      const route = places.routes.find((one) => routeKey(one) === draft.route);
      if (!route) return t('field.route.unknown');
      const amount = Number(draft.amount);
      const change =
        draft.change === 'closed'
          ? { closed: true as const }
          : draft.change === 'open'
            ? { open: true as const }
            : draft.change === 'capacity'
              ? { capacityTonnes: amount }
              : { leadPeriods: amount };
      return {
        ...head,
        kind: 'obstacle',
        route: { from: route.from, to: route.to, mode: route.mode },
        from,
        ...change,
      };
    }
    case 'need':
      return { ...head, kind: 'need', region: draft.region, from, people: Number(draft.people) };
    case 'stock':
      return {
        ...head,
        kind: 'stock',
        depot: draft.depot,
        resource: draft.resource,
        change: draft.stock,
        quantity: Number(draft.quantity),
        from,
      };
  }
}
