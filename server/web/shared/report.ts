/** A report in a line. */
import type { FieldReport } from '../../../scenarios/field/report.js';
import { colon, modeName, num, t } from './text.js';

type Named = (id: string) => string;

/** Where it is. */
export function placeOf(report: FieldReport, named: Named = (id) => id): string {
  switch (report.kind) {
    case 'obstacle':
      if (report.route)
        return `${named(report.route.from)} → ${named(report.route.to)} (${modeName(report.route.mode)})`;
      return named(report.site ?? report.fleet ?? '') || coordinates(report);
    case 'need':
      return report.region === undefined ? coordinates(report) : named(report.region);
    case 'stock':
      return report.depot === undefined ? coordinates(report) : named(report.depot);
    case 'delivery':
      return `${named(report.from)} → ${named(report.to)} (${modeName(report.mode)})`;
  }
}

/** Ids of the site that it is about, or of both ends of the way. */
export function sitesOf(report: FieldReport): string[] {
  switch (report.kind) {
    case 'obstacle':
      return report.route ? [report.route.from, report.route.to] : report.site === undefined ? [] : [report.site];
    case 'need':
      return report.region === undefined ? [] : [report.region];
    case 'stock':
      return report.depot === undefined ? [] : [report.depot];
    case 'delivery':
      return [report.from, report.to];
  }
}

const coordinates = ({ at }: FieldReport): string =>
  at ? `${num(at[1] ?? 0, 4)}, ${num(at[0] ?? 0, 4)}` : t('reports.nowhere');

/** "Road or route: closed" */
export const headOf = (report: FieldReport, named?: Named): string =>
  colon(t(`field.kind.${report.kind}`), saysOf(report, named));

/** What it says. */
export function saysOf(report: FieldReport, named: Named = (id) => id): string {
  switch (report.kind) {
    case 'obstacle': {
      const { closed, open, capacityTonnes, leadPeriods, handlingTonnes, vehicles, tonneKm } = report;
      const parts = [
        closed && t('field.change.closed'),
        open && t('field.change.open'),
        capacityTonnes !== undefined && colon(t('field.amount.capacity'), num(capacityTonnes)),
        leadPeriods !== undefined && colon(t('field.amount.slower'), num(leadPeriods)),
        handlingTonnes !== undefined && `${num(handlingTonnes)} t`,
        vehicles !== undefined && t('reports.vehicles', { n: vehicles }),
        tonneKm !== undefined && `${num(tonneKm)} ${t('compare.tonneKm')}`,
      ];
      return parts.filter(Boolean).join(', ');
    }
    case 'need':
      if (report.people !== undefined) return t('reports.people', { n: report.people });
      return `${named(report.resource ?? '')} ${report.to === undefined ? `${report.more ?? ''}` : `→ ${num(report.to)}`}`;
    case 'stock':
      return colon(t(`field.stock.${report.change}`), `${num(report.quantity)} ${named(report.resource)}`);
    case 'delivery':
      return t('reports.delivery', { delivered: report.delivered, resource: named(report.resource) });
  }
}
