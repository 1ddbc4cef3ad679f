/** What the response level keeps back, and which level would release it. */
import type { LockedStock } from '../../engine/index.js';
import type { Level } from '../../scenarios/index.js';
import { num } from './text.js';

/** "Locked at level III: 1,200 piece of tarpaulin at depots of central; level I releases them." One line a tier. */
export function lockedLines(level: Level | null, stock: readonly LockedStock[]): string[] {
  const tiers = [...new Set(stock.map(({ tier }) => tier))];
  return tiers.map((tier) => {
    const own = stock.filter((one) => one.tier === tier);
    const goods = own.map(({ quantity, unit, resource }) => `${num(quantity)} ${unit} of ${resource}`).join(', ');
    const { from } = own[0]!;
    const release = from === null ? 'no level of the table releases them' : `level ${from} releases them`;
    const locked = level === null ? 'Locked while no level is declared' : `Locked at level ${level}`;
    return `${locked}: ${goods} at depots of ${tier}; ${release}.`;
  });
}
