/** A response level is declared, over HTTP or at a terminal: the scenario with it on the record, then the declaration. */
import { unlisted } from '../scenarios/faults.js';
import { declareLevel, type Fault, type Figures, type Level, type Scenario } from '../scenarios/index.js';
import type { DeclarationDocument, LocalLedger, Receipt, RecordOptions } from './ledger/index.js';

/** All that speaks against declaring a level so, each with its mend. */
export class DeclarationError extends Error {
  override name = 'DeclarationError';
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join('\n'));
    unlisted(this, 'faults');
  }
}

export interface Declaring {
  level: Level | null;
  by: string;
  why: string;
  figures?: Figures | undefined;
}

export interface DeclaredOnRecord {
  declaration: DeclarationDocument;
  /** With the level. */
  scenario: Scenario;
  receipt: Receipt;
}

/** Asked again after a crash it does what is missing. `parent` must be on the record. Throws DeclarationError, LedgerRefusal. */
export async function declareOnRecord(
  ledger: LocalLedger,
  parent: Scenario,
  asked: Declaring,
  options: RecordOptions = {},
): Promise<DeclaredOnRecord> {
  const made = declareLevel(parent, asked);
  if (!made.ok) throw new DeclarationError(made.faults);
  await ledger.recordScenario(made.scenario, options.org === undefined ? {} : { org: options.org });
  const receipt = await ledger.recordDeclaration(made.declaration, options);
  return { declaration: made.declaration, scenario: made.scenario, receipt };
}
