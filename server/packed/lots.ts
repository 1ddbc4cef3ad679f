/** Lots as units, with one rounding. */

/** A lot as a fraction of two whole numbers, the second a power of ten. */
export type Lot = [units: number, ten: number];

/** The double nearest to the decimal, as both the product and the power of ten are exact (IEEE 754); pack.ts made sure. */
export const unitsOf = (lots: number, [units, ten]: Lot): number => (lots * units) / ten;
