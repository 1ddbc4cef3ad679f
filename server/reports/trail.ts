/** Every entry about a report, in order, with what it says and a receipt. */
import type { AmendmentSaid } from '../../scenarios/field/said.js';
import type { Case, EntryKind, LocalLedger, Receipt } from '../ledger/index.js';
import { saidOf } from './amending.js';

export interface TrailEntry {
  seq: number;
  kind: EntryKind;
  ts: string;
  org: string;
  signed: boolean;
  content: object | null;
  /** Of an amendment: its words in parts. */
  said?: AmendmentSaid[];
  location: string;
  receipt: Receipt;
}

/** Contents of what was forgotten are null. */
export async function trailOf(ledger: LocalLedger, of: Case) {
  const places = [
    of.seq,
    ...(of.verification ? [of.verification.seq] : []),
    ...of.amendments.map(({ seq }) => seq),
    ...of.escalations.map(({ seq }) => seq),
    ...(of.resolution ? [of.resolution.seq] : []),
  ].sort((a, b) => a - b);
  const trail: TrailEntry[] = [];
  let photo: string | null = null;
  for (const seq of places) {
    const [stored] = await ledger.entries(seq, 1);
    const receipt = await ledger.receiptAt(seq);
    if (!stored || !receipt) continue;
    const { kind, ts, actor, sig } = stored.entry;
    if (stored.entry.kind === 'report' && stored.entry.body.photo !== undefined) {
      const name = await ledger.contentName(stored.entry.body.photo);
      photo = name === undefined ? null : `/photos/${name}`;
    }
    const location = `/ledger/proof/${seq}`;
    const content = (await contentOf(ledger, stored.entry)) ?? null;
    const amendment = kind === 'amendment' ? await ledger.amendment(stored.entry.body.amendment) : undefined;
    const said = amendment && (await saidOf(ledger, amendment));
    trail.push({
      ...{ seq, kind, ts, org: actor.org, signed: sig !== null, content, location, receipt },
      ...(said ? { said } : {}),
    });
  }
  return { photo, trail };
}

type StoredEntry = Awaited<ReturnType<LocalLedger['entries']>>[number]['entry'];

async function contentOf(ledger: LocalLedger, { kind, body }: StoredEntry): Promise<object | undefined> {
  switch (kind) {
    case 'report':
      return await ledger.report(body.report);
    case 'verification':
      return await ledger.verification(body.verification);
    case 'amendment':
      return await ledger.amendment(body.amendment);
    case 'resolution':
      return await ledger.resolution(body.resolution);
    case 'escalation':
      return { step: body.step, from: body.from, to: body.to, due: body.due };
    default:
      return undefined;
  }
}
