/** Reports on the record before strangers: each way to forge a step of a report's life is named, by a verifier and by a mirror. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allocate, closePool } from '../engine/index.js';
import { declareLevel, type FieldReport, scenarioDigest } from '../scenarios/index.js';
import { CHECKS } from '../server/checks.js';
import { salted } from '../server/ledger/blobs.js';
import { blobView } from '../server/ledger/bundle.js';
import { formatBundle } from '../server/ledger/bundles.js';
import { utf8 } from '../server/ledger/bytes.js';
import { canonicalBytes } from '../server/ledger/canonical.js';
import type { KnownEntry } from '../server/ledger/entry.js';
import { type Bundle, openLedger, rebuild, verifyBundle, verifyDirectory } from '../server/ledger/index.js';
import { parseLogKey } from '../server/ledger/keys.js';
import { MirrorFault, openMirror } from '../server/mirror/index.js';
import { compileOnRecord, recordMade } from '../server/reports/amending.js';
import { openEscalations } from '../server/reports/escalations.js';
import { openRegister } from '../server/reports/register.js';
import { inTemporary } from './support/ledger-data.js';
import { CLOSED, enrol, FOUND, jpeg, LOST, sha256, VALLEY } from './support/life.js';
import { resigned } from './support/resign.js';

after(closePool);

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T08:00:00.000Z');
const cross = { org: 'cross.org' };
const state = { org: 'state.org' };
const said = (report: string, verdict: 'verified' | 'rejected' = 'verified') => ({
  ...{ report, verdict, by: 'District office', why: 'Seen from the air.' },
});

/** A whole life by honest means; each entry in its place. */
const { honest, secret, delivery } = await inTemporary(async (dir) => {
  let time = START;
  const clock = () => time;
  const ledger = await openLedger(dir, { clock });
  await enrol(ledger, 'cross.org', ['planner', 'field']); // 0
  await enrol(ledger, 'state.org', ['coordinator', 'planner']); // 1
  const plan = await allocate(VALLEY, { gap: 1e-2, solver: 'jslp' });
  const { digest: allocation } = await ledger.recordAllocation(plan, VALLEY); // 2, 3
  const photo = jpeg('the bridge');
  const closed = (await ledger.recordReport({ ...CLOSED, photo: sha256(photo) }, photo, cross)).digest; // 4
  const lost = (await ledger.recordReport(LOST, undefined, cross)).digest; // 5
  const found = (await ledger.recordReport(FOUND, undefined, cross)).digest; // 6
  await ledger.recordVerification(said(closed), state); // 7
  await ledger.recordVerification(said(lost), state); // 8
  time += 25 * HOUR;
  const register = openRegister(ledger, clock);
  const log = { warn: (data: object) => assert.fail(JSON.stringify(data)) };
  const escalations = openEscalations({ ledger, register, clock, everySeconds: 1e6, log });
  // It looks when it begins: 9, 10, 11: two wait to be taken up, one to be verified. Nothing is passed on twice.
  assert.equal(await escalations.look(), 0);
  assert.equal(ledger.size(), 12);
  await escalations.close();
  await ledger.recordVerification(said(found, 'rejected'), state); // 12
  const made = await compileOnRecord(ledger, scenarioDigest(VALLEY), [closed, lost]);
  const amendment = (await recordMade(ledger, made, state)).digest; // 13, 14
  const done = { report: closed, by: 'Coordination', what: 'By boat.', amendment };
  await ledger.recordResolution(done, state); // 15
  const { resource, from, to, mode, depart, quantity } = plan.shipments[0]!;
  const delivery: FieldReport = {
    ...{
      report: 1,
      scenario: scenarioDigest(VALLEY),
      observed: '2026-11-25T10:00:00Z',
      kind: 'delivery',
      by: 'Driver',
    },
    ...{ allocation, resource, from, to, mode, depart },
    ...{ shipped: quantity, held: 0, returned: 0, delivered: quantity },
  };
  await ledger.recordReport(delivery, undefined, cross); // 16
  const honest = await ledger.bundle();
  await ledger.close();
  assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
  return { honest, secret: await readFile(join(dir, 'log.key'), 'utf8'), delivery };
});
const key = parseLogKey(secret)!;

interface Hand {
  entries: KnownEntry[];
  /** The body of an entry, to be changed. */
  body(seq: number): Record<string, unknown>;
  /** What the content of an entry says. */
  content(seq: number): Record<string, unknown>;
  /** Another content in its place, salted anew as a forger would. */
  put(seq: number, content: object): void;
}

const OWN = ['report', 'verification', 'amendment', 'resolution'];

/** What whoever keeps the log can make of it: entries and contents changed, linked and signed anew. */
function forged(change: (hand: Hand) => void): Bundle {
  const blobs = [...honest.blobs];
  let wanted: KnownEntry[] = [];
  const bodyOf = (seq: number) => wanted[seq]!.body as Record<string, unknown>;
  const own = (seq: number) => OWN.find((kind) => kind === wanted[seq]!.kind)!;
  const parsed: Bundle = { ...honest, blobs };
  return resigned(parsed, key, (entries) => {
    wanted = entries;
    change({
      entries,
      body: bodyOf,
      content: (seq) => JSON.parse(blobs.find(({ digest }) => digest === bodyOf(seq)[own(seq)])!.text),
      put: (seq, content) => {
        const blob = salted(canonicalBytes(content));
        const before = bodyOf(seq)[own(seq)];
        const replaced = JSON.parse(JSON.stringify(entries).replaceAll(String(before), blob.digest));
        entries.splice(0, entries.length, ...replaced);
        blobs.push({ digest: blob.digest, ...blobView(blob) });
      },
    });
  });
}

/** The bundle as a server would show it to a mirror. */
async function shown(bundle: Bundle): Promise<{ url: string; close(): void }> {
  const bytes = bundle.entries.map((text) => utf8(text));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/checkpoint') return response.end(bundle.checkpoint);
    if (pathname === '/healthz') return response.end(JSON.stringify({ ledger: { verifierKey: bundle.verifierKey } }));
    if (pathname.startsWith('/tile/entries/')) return response.end(formatBundle(bytes));
    if (pathname === '/ledger/contents')
      return response.end(JSON.stringify({ contents: bundle.blobs, next: bytes.length, size: bytes.length }));
    response.statusCode = 404;
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function mirrorOf(bundle: Bundle, dir: string): Promise<string[]> {
  const { url, close } = await shown(bundle);
  const mirror = await openMirror({ dir, url, ...CHECKS });
  try {
    await mirror.follow();
    return [];
  } catch (error) {
    assert.ok(error instanceof MirrorFault, String(error));
    return error.faults.map(({ seq, kind }) => `${seq} ${kind}`);
  } finally {
    await mirror.ledger.close();
    close();
  }
}

test('an honest life has no fault, for a verifier, a mirror, and after a rebuild', () =>
  inTemporary(async (dir) => {
    assert.deepEqual((await verifyBundle(honest, CHECKS)).faults, []);
    assert.deepEqual(
      honest.entries
        .map((text) => JSON.parse(text).kind)
        .slice(4)
        .join(' '),
      'report report report verification verification escalation escalation escalation verification scenario amendment resolution report',
    );
    assert.deepEqual(
      await mirrorOf(
        forged(() => undefined),
        join(dir, 'mirror'),
      ),
      [],
    );
    const photo = honest.blobs.filter(({ encoding }) => encoding === 'base64');
    assert.equal(photo.length, 1);
    // What the mirror keeps is a ledger: checked at rest, made again from the plain files, lives included.
    const at = join(dir, 'mirror');
    assert.deepEqual((await verifyDirectory(at, CHECKS)).faults, []);
    assert.deepEqual((await rebuild(at)).lost, []);
    assert.deepEqual((await verifyDirectory(at, CHECKS)).faults, []);
    // Plain files that are gone are written again from the store, the photo with them.
    await writeFile(join(at, 'log.key'), secret, { mode: 0o600 });
    for (const folder of ['contents', 'tile']) await rm(join(at, folder), { recursive: true });
    await (await openLedger(at)).close();
    await rm(join(at, 'store'), { recursive: true });
    assert.deepEqual((await rebuild(at)).lost, []);
    assert.deepEqual((await verifyDirectory(at, CHECKS)).faults, []);
    await rm(join(at, 'log.key'));
    const { url, close } = await shown(honest);
    const mirror = await openMirror({ dir: at, url, ...CHECKS });
    const [first] = mirror.ledger.lives();
    assert.deepEqual(
      [mirror.ledger.lives().length, first?.seq, first?.amendments.length, first?.resolution?.seq],
      [4, 4, 1, 15],
    );
    assert.deepEqual(Buffer.from((await mirror.ledger.photo(sha256(jpeg('the bridge')))) ?? []), jpeg('the bridge'));
    await mirror.ledger.close();
    close();
  }));

test('a level of response is declared by a coordinator, for a scenario on the record', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir, { clock: () => START });
    await enrol(ledger, 'cross.org', ['planner']);
    await enrol(ledger, 'state.org', ['coordinator']);
    await ledger.recordScenario(VALLEY);
    const asked = {
      level: 'II',
      by: 'Coordination',
      why: 'Two districts are cut off.',
      figures: { dead: 100 },
    } as const;
    const made = declareLevel(VALLEY, asked);
    assert.ok(made.ok);
    await assert.rejects(ledger.recordDeclaration(made.declaration, state), { detail: 'unknown' });
    await ledger.recordScenario(made.scenario);
    await assert.rejects(ledger.recordDeclaration(made.declaration, cross), { detail: 'author' });
    const { seq, digest } = await ledger.recordDeclaration(made.declaration, state);
    assert.equal(seq, 4);
    const declared = {
      ...{ seq, digest, ts: new Date(START).toISOString(), org: 'state.org' },
      ...{ parent: scenarioDigest(VALLEY), scenario: scenarioDigest(made.scenario), level: 'II', suggested: 'II' },
      content: made.declaration,
    };
    assert.deepEqual(await ledger.declarations(), [declared]);
    assert.deepEqual(await ledger.declaration(digest), made.declaration);
    const found = await verifyBundle(await ledger.bundle(), CHECKS);
    assert.deepEqual(found.faults, []);
    assert.deepEqual(found.declarations, [{ seq, org: 'state.org', level: 'II', suggested: 'II' }]);
    await ledger.close();
    assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
  }));

const again = (hand: Hand, seq: number, change: object = {}): void => {
  const entry = structuredClone(hand.entries[seq]!);
  hand.entries.push({ ...entry, idem: `again ${seq}`, ...change } as KnownEntry);
};

const FORGERIES: [what: string, expected: string, change: (hand: Hand) => void][] = [
  [
    'a verification by the reporter’s own organisation',
    '7 step',
    ({ entries }) => {
      entries[7]!.actor.org = 'cross.org';
    },
  ],
  [
    'a second verdict',
    '17 step',
    (hand) => {
      again(hand, 12);
      hand.put(17, { ...hand.content(12), verdict: 'verified', why: 'On second thoughts.' });
      // Only the second of the two is new.
      hand.entries[12] = JSON.parse(honest.entries[12]!);
      hand.body(17).verdict = 'verified';
    },
  ],
  [
    'a verdict that its words do not give',
    '12 binding',
    ({ body }) => {
      body(12).verdict = 'verified';
    },
  ],
  [
    'a verification of another report than its words speak of',
    '12 binding',
    (hand) => hand.put(12, { ...hand.content(12), report: hand.content(7).report }),
  ],
  [
    'a report for a scenario of another place',
    '4 binding',
    ({ body }) => {
      body(4).scenarioSeq = 3;
    },
  ],
  [
    'a report that speaks of another scenario',
    '5 binding',
    (hand) => hand.put(5, { ...LOST, scenario: '0'.repeat(64) }),
  ],
  ['a report that no scenario would take', '5 binding', (hand) => hand.put(5, { ...LOST, quantity: 55 })],
  [
    'a report by an organisation that files none',
    '5 author',
    ({ entries }) => {
      entries[5]!.actor.org = 'nobody.org';
    },
  ],
  [
    'a verification by an organisation that verifies nothing',
    '7 author',
    ({ body }) => {
      body(1).roles = ['auditor'];
    },
  ],
  [
    'a report whose photo is another',
    '4 binding',
    (hand) => hand.put(4, { ...hand.content(4), photo: '0'.repeat(64) }),
  ],
  [
    'a report that hides its photo',
    '4 binding',
    (hand) => {
      const { photo: _, ...rest } = hand.content(4);
      hand.put(4, rest);
    },
  ],
  [
    'an amendment whose patch makes another scenario',
    '14 binding',
    (hand) => {
      const content = hand.content(14);
      hand.put(14, { ...content, patch: (content.patch as unknown[]).slice(0, -1) });
    },
  ],
  [
    'an amendment that its reports do not make',
    '14 binding',
    (hand) => hand.put(14, { ...hand.content(14), words: ['All is well.'] }),
  ],
  [
    'an amendment of another parent than it names',
    '14 binding',
    (hand) => hand.put(14, { ...hand.content(14), parent: '0'.repeat(64) }),
  ],
  [
    'an amendment by a rejected report',
    '14 step',
    ({ body }) => {
      body(14).verifications = [7, 12].map((seq) => ({ verification: body(seq).verification, verificationSeq: seq }));
    },
  ],
  [
    'an amendment by a verification that comes later',
    '14 binding',
    ({ body }) => {
      body(14).verifications = [{ verification: body(7).verification, verificationSeq: 16 }];
    },
  ],
  [
    'an amendment that counts a report twice',
    '14 step',
    ({ body }) => {
      const [one] = body(14).verifications as unknown[];
      body(14).verifications = [one, one];
    },
  ],
  [
    'an amendment of a scenario that holds its reports',
    '17 step',
    (hand) => {
      again(hand, 14);
      Object.assign(hand.body(17), { scenario: hand.body(14).result, scenarioSeq: 13, amendment: '3'.repeat(64) });
    },
  ],
  [
    'a resolution before anything was verified',
    '15 step',
    ({ body }) => {
      Object.assign(body(15), { report: body(6).report, reportSeq: 6 });
    },
  ],
  [
    'a resolution by an amendment that does not take the report up',
    '18 step',
    (hand) => {
      again(hand, 15, {
        body: { ...hand.body(15), report: hand.body(16).report, reportSeq: 16, resolution: '4'.repeat(64) },
      });
      const verified = structuredClone(hand.entries[12]!) as KnownEntry;
      hand.entries.splice(17, 0, {
        ...verified,
        idem: 'between',
        body: { verification: '5'.repeat(64), report: hand.body(16).report, reportSeq: 16, verdict: 'verified' },
      } as KnownEntry);
    },
  ],
  [
    'a second resolution',
    '17 step',
    (hand) => {
      again(hand, 15);
      hand.body(17).resolution = '4'.repeat(64);
    },
  ],
  [
    'a resolution of another report than its words speak of',
    '15 binding',
    (hand) => hand.put(15, { ...hand.content(15), report: '0'.repeat(64) }),
  ],
  [
    'a delivery that accounts for more than was allocated',
    '16 binding',
    (hand) => hand.put(16, { ...delivery, held: 100 }),
  ],
  [
    'a delivery of a line that the plan does not have',
    '16 binding',
    (hand) =>
      hand.put(16, {
        ...{ ...delivery, resource: 'rice', from: 'port', to: 'lower' },
        ...{ shipped: 0, delivered: 0 },
      }),
  ],
  [
    'a delivery that delivers more than was shipped',
    '16 binding',
    (hand) => {
      const { shipped } = delivery as Extract<FieldReport, { kind: 'delivery' }>;
      hand.put(16, { ...delivery, delivered: shipped + 100 });
    },
  ],
  [
    'a delivery of another plan than it names',
    '16 binding',
    (hand) => hand.put(16, { ...delivery, allocation: '0'.repeat(64) }),
  ],
  [
    'an escalation before its time',
    '9 step',
    ({ entries }) => {
      entries[9]!.ts = new Date(START + HOUR).toISOString();
    },
  ],
  [
    'an escalation that was due at another time',
    '9 binding',
    ({ body }) => {
      body(9).due = new Date(START + HOUR).toISOString();
    },
  ],
  [
    'an escalation past the tier above',
    '9 binding',
    ({ body }) => {
      body(9).to = 'national';
    },
  ],
  [
    'an escalation of a step that nobody waits for',
    '9 step',
    ({ body }) => {
      body(9).step = 'resolve';
    },
  ],
  [
    'an escalation by an organisation',
    '9 step',
    ({ entries }) => {
      entries[9]!.actor.org = 'state.org';
    },
  ],
  [
    'an escalation of a report that was rejected',
    '17 step',
    (hand) => {
      const rejected = hand.entries
        .slice(9, 12)
        .findIndex(({ body }) => 'report' in body && body.report === hand.body(6).report);
      again(hand, 9 + rejected);
    },
  ],
  [
    'an escalation a second time',
    '12 step',
    (hand) => {
      const twice = structuredClone(hand.entries[9]!);
      // At a time when the tier above has it, and would have had to be done.
      const [ts, due] = [60, 55].map((hours) => new Date(START + hours * HOUR).toISOString());
      hand.entries.splice(12, 0, { ...twice, ts, idem: 'twice', body: { ...twice.body, due } } as KnownEntry);
      for (const { body } of hand.entries) {
        // Everything behind has moved by one.
        const fields = body as Record<string, unknown>;
        for (const [name, at] of Object.entries(fields))
          if (name.endsWith('Seq') && Number(at) >= 12) fields[name] = Number(at) + 1;
      }
    },
  ],
];

for (const [what, expected, change] of FORGERIES)
  test(`${what} is found`, () =>
    inTemporary(async (dir) => {
      const bundle = forged(change);
      const { faults } = await verifyBundle(bundle, CHECKS);
      const found = faults.map(({ seq, kind }) => `${seq} ${kind}`);
      assert.ok(found.includes(expected), `${expected} is not among ${JSON.stringify(faults, null, 1)}`);
      // Nothing else than what follows from the forgery: the checkpoint and the chain are in order.
      assert.ok(!faults.some(({ kind }) => ['chain', 'root', 'signature', 'size'].includes(kind)), found.join());
      assert.ok((await mirrorOf(bundle, join(dir, 'mirror'))).includes(expected));
    }));
