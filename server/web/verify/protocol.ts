/** What the page asks of the worker that verifies, and what it hears. */
import type { StageResult } from '../../../engine/types.js';
import type { VerifyReport } from '../../ledger/verify.js';

/** What this browser verified of a log before, by the log's origin. */
export type Kept = Record<string, { key: string; checkpoint: string; size: number }>;

export type Question =
  | { task: 'ledger'; kept: Kept }
  | { task: 'plan'; digest: string }
  | { task: 'proof'; seq: number; text: string };

export interface LedgerChecked {
  task: 'ledger';
  report: VerifyReport;
  origin: string;
  /** This browser has seen this log before: it must continue what was seen. */
  known: boolean;
  key: string;
  checkpoint: string;
}

export interface PlanChecked {
  task: 'plan';
  digest: string;
  faults: string[];
  stages: Omit<StageResult, 'tolerance'>[];
  shipments: number;
  seconds: number;
}

export interface ProofChecked {
  task: 'proof';
  seq: number;
  holds: boolean;
  size: number;
  /** The C2SP text. */
  proof: string;
}

export type Checked = LedgerChecked | PlanChecked | ProofChecked;

export type Answer =
  | { is: 'progress'; done: number; of: number }
  | { is: 'result'; result: Checked }
  | { is: 'error'; message: string };
