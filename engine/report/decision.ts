/**
 * A decision as one archive: what was asked, what was answered, the proof, what the record says of it, and how a stranger checks all of it.
 * `scenario.json` and `plan.json` are canonical JSON (RFC 8785): their SHA-256 is the digest that everybody names them by.
 */
import { canonicalPieces, writeZip, type ZipFile } from '../../scenarios/index.js';
import type { Book } from './book.js';
import { type BriefReceipt, briefPieces } from './brief.js';
import { shipmentsTable } from './shipments.js';
import { tableCsv } from './table.js';

/** What a record has of the plan. */
export interface DecisionRecord {
  receipt: BriefReceipt & Record<string, unknown>;
  /** C2SP tlog-proof of the plan's entry. */
  proof: string;
  /** The entry, as it is hashed. */
  entry: string;
  /** The log's verifier key. */
  verifierKey: string;
  /** What `evenhand verify` reads: all entries, with the contents of this decision; null where the log is too long for that. */
  ledger: (() => Iterable<string>) | null;
}

/** The archive piece by piece; the same decision and record give the same bytes. */
export function decisionPieces(book: Book, record: DecisionRecord | null): Generator<Uint8Array> {
  return writeZip(decisionFiles(book, record));
}

export function* decisionFiles(book: Book, record: DecisionRecord | null): Generator<ZipFile> {
  const { receipt: _receipt, ...plan } = book.allocation;
  yield { name: 'VERIFY.txt', pieces: [instructions(book, record)] };
  yield { name: 'scenario.json', pieces: canonicalPieces(book.scenario) };
  yield { name: 'plan.json', pieces: canonicalPieces(plan) };
  yield { name: 'certificate.json', pieces: canonicalPieces(plan.certificate) };
  if (record) {
    yield { name: 'receipt.json', pieces: [`${JSON.stringify(record.receipt, null, 2)}\n`] };
    yield { name: 'entry.json', pieces: [record.entry] };
    yield { name: 'plan.tlog-proof', pieces: [record.proof] };
    if (record.ledger) yield { name: 'ledger.json', pieces: record.ledger() };
  }
  yield { name: 'shipments.csv', pieces: tableCsv(shipmentsTable(book)) };
  yield { name: 'brief.html', pieces: briefPieces(book, record?.receipt ?? null) };
}

function instructions({ digest, allocation }: Book, record: DecisionRecord | null): string {
  const steps = [
    `The files are what they say.
   sha256sum scenario.json plan.json
   scenario.json ${allocation.scenario.digest}
   plan.json     ${digest}`,
    `The plan can be carried out, and no plan does better than its bounds. No solver is needed, and nobody's word.
   evenhand check plan.json scenario.json
   The prices that prove it are in plan.json, and alone in certificate.json (${allocation.certificate.digest}).`,
  ];
  if (record) {
    steps.push(`The plan's entry is in the log, in its place, under a signed checkpoint: plan.tlog-proof (c2sp.org/tlog-proof) proves entry.json.
   Entry ${record.receipt.seq} of ${record.receipt.size}, leaf ${record.receipt.leaf}
   The log's key, which you should have from somewhere else as well:
   ${record.verifierKey}`);
    if (record.ledger)
      steps.push(`The whole log is one chain, and this plan and scenario are what it has at those places.
   evenhand verify ledger.json --key '${record.verifierKey}'
   Contents of other decisions are not in the file; their entries are, and hold without them.`);
    else
      steps.push(`The log is too long to be in this archive. Ask its keeper or a mirror:
   evenhand verify URL --key '${record.verifierKey}'`);
  } else steps.push(`Whether the plan is on a record this archive does not say: it was made without one.`);
  return `How to check this decision without trusting whoever sent it
Plan of scenario '${allocation.scenario.id}' by policy '${allocation.policy.name}'.
The program 'evenhand' is free (Apache-2.0) and needs Node 20 and no network.

${steps.map((step, n) => `${n + 1}. ${step}`).join('\n\n')}

For people: brief.html (one page, to be printed) and shipments.csv.
`;
}
