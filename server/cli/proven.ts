/** What holds of a plan whose gap was not reached. */
import { type Allocation, provenInWords } from '../../engine/index.js';

export const gapNotReached = ({ stages, gap: { asked, proven } }: Pick<Allocation, 'stages' | 'gap'>): string =>
  `The plan is usable: every shipment can be carried out. Proven: ${provenInWords(stages)}.\n` +
  `Exit status 3 says that the proven gap is ${proven.toExponential(2)} where ${asked.toExponential(2)} was asked (whole lots may allow no less).`;
