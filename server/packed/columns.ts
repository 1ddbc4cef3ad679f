/** Columns as narrow as their numbers, and quantities as whole lots: both read back exactly. */
import { decimalOf, lotCounter } from '../../scenarios/lots.js';
import type { Column } from './container.js';
import { type Lot, unitsOf } from './lots.js';

/** Whole numbers from 0 in the narrowest column that holds them all. */
export function wholeColumn(numbers: readonly number[] | Float64Array): Column {
  let most = 0;
  for (const n of numbers) if (n > most) most = n;
  if (most < 2 ** 8) return Uint8Array.from(numbers);
  if (most < 2 ** 16) return Uint16Array.from(numbers);
  return most < 2 ** 32 ? Uint32Array.from(numbers) : Float64Array.from(numbers);
}

/** The lots of resources as fractions. Powers of ten up to the 22nd are doubles. */
export function fractionsOf(resources: readonly { lot?: number }[]): Lot[] {
  return resources.map(({ lot = 1 }) => {
    const { digits, exponent } = decimalOf(lot);
    if (exponent < -22) return [lot, 1];
    return exponent < 0 ? [Number(digits), Number(`1e${-exponent}`)] : [Number(digits * 10n ** BigInt(exponent)), 1];
  });
}

/**
 * Adds quantities of the resources `of` under a name: as lots where each is exactly what its lots say, as in every plan whose lots are
 * no stranger than 1e-22 and whose quantities no larger than 2^53 of its last digit; otherwise as they are.
 */
export function addQuantities(
  columns: Map<string, Column>,
  name: string,
  quantities: readonly number[],
  of: Column,
  resources: readonly { lot?: number }[],
): void {
  const [counters, lots] = [resources.map(({ lot = 1 }) => lotCounter(lot)), fractionsOf(resources)];
  const counted = new Float64Array(quantities.length);
  for (const [i, quantity] of quantities.entries()) {
    const k = of[i]!;
    const n = counters[k]!(quantity);
    if (!(n >= 0) || unitsOf(n, lots[k]!) !== quantity) {
      columns.set(name, Float64Array.from(quantities));
      return;
    }
    counted[i] = n;
  }
  columns.set(`${name}.lots`, wholeColumn(counted));
}
