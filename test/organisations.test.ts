/** Organisations on the record: their keys come, change and go, their signatures hold exactly while they should. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Scenario } from '../engine/types.js';
import { toBase64 } from '../server/ledger/bytes.js';
import { canonicalText } from '../server/ledger/canonical.js';
import {
  type Bundle,
  type KeyBody,
  type LocalLedger,
  openLedger,
  type Role,
  type SignedDocument,
  type Signer,
  signChange,
  signDraft,
  verifyBundle,
  verifyDirectory,
} from '../server/ledger/index.js';
import { type LogKey, newLogKey, parseLogKey } from '../server/ledger/keys.js';
import { openKeyValue } from '../server/ledger/keyvalue.js';
import { aboutKey, aboutKeys } from '../server/ledger/layout.js';
import { keyId } from '../server/ledger/note.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';
import { resigned } from './support/resign.js';

const now = () => ({ idem: randomUUID(), ts: new Date().toISOString() });

function addBody(key: LogKey, roles: Role[] = ['coordinator']): KeyBody {
  return { change: 'add', org: key.name, keyId: key.id, publicKey: toBase64(key.publicKey), roles };
}

const add = (ledger: LocalLedger, key: LogKey, roles?: Role[]) =>
  ledger.recordSigned(signChange(ledger.log, addBody(key, roles), key, now()), true);

function rotation(log: string, from: LogKey, to: LogKey, overlap: number): SignedDocument {
  const publicKey = toBase64(to.publicKey);
  const body = {
    change: 'rotate' as const,
    org: from.name,
    from: from.id,
    keyId: to.id,
    publicKey,
    overlap,
    proof: '',
  };
  return signChange(log, body, from, now(), to);
}

const revocation = (key: LogKey): KeyBody => ({
  change: 'revoke',
  org: key.name,
  keyId: key.id,
  reason: 'compromised',
});

/** A scenario whose plans need so many signatures. */
const asking = (id: string, quorum: number): Scenario => ({ ...scenarioOf(id), adoption: { quorum } });

async function plan(ledger: LocalLedger, scenario: Scenario, n = 1): Promise<string> {
  return (await ledger.recordAllocation(allocationOf(scenario, n), scenario)).digest;
}

async function signed(ledger: LocalLedger, allocation: string, key: Signer): Promise<SignedDocument> {
  const draft = await ledger.draftAdoption({ allocation, by: 'an office', why: 'shares are even' });
  return signDraft(draft, key, { ...now(), salt: randomBytes(32) });
}

const adopt = async (ledger: LocalLedger, allocation: string, key: Signer) =>
  await ledger.recordSigned(await signed(ledger, allocation, key));

const refused = (what: RegExp) => ({ name: 'LedgerRefusal', detail: 'author', message: what });

async function withLedger(work: (ledger: LocalLedger, dir: string) => Promise<void>): Promise<void> {
  await inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    await work(ledger, dir);
    await ledger.close();
  });
}

async function faultsOf(bundle: Bundle): Promise<string[]> {
  return (await verifyBundle(bundle)).faults.map(({ seq, kind }) => `${seq} ${kind}`);
}

test('two organisations make a quorum of two; one of them twice, or nobody in particular, does not', () =>
  withLedger(async (ledger) => {
    const [a, b, planner] = [newLogKey('a.org'), newLogKey('b.org'), newLogKey('planner.org')];
    await add(ledger, a);
    await add(ledger, b);
    await add(ledger, planner, ['planner']);
    const digest = await plan(ledger, asking('valley', 2));
    const state = async () => {
      const live = await ledger.adoptionState(digest);
      // What a stranger finds offline is what the server says.
      const report = await verifyBundle(await ledger.bundle());
      assert.deepEqual([report.faults, report.adoptions], [[], live?.entries.length ? [live] : []]);
      return [live?.status, live?.signedBy, live?.entries.length];
    };
    assert.deepEqual(await state(), ['pending', [], 0]);
    await adopt(ledger, digest, a);
    assert.deepEqual(await state(), ['pending', ['a.org'], 1]);
    await adopt(ledger, digest, a);
    await ledger.recordAdoption({ allocation: digest, by: 'b.org', why: 'so they say' }, { org: 'b.org' });
    assert.deepEqual(await state(), ['pending', ['a.org'], 3]);
    await assert.rejects(adopt(ledger, digest, planner), refused(/no coordinator/));
    await adopt(ledger, digest, b);
    assert.deepEqual(await state(), ['counts', ['a.org', 'b.org'], 4]);

    const free = await plan(ledger, scenarioOf('hill'));
    await ledger.recordAdoption({ allocation: free, by: 'office', why: '' });
    assert.equal((await ledger.adoptionState(free))?.status, 'counts');
  }));

test('one key cannot stand for two organisations, and a weak one for none', () =>
  withLedger(async (ledger) => {
    const a = newLogKey('a.org');
    await add(ledger, a);
    const twin = parseLogKey(renamed(a, 'b.org'))!;
    assert.deepEqual(twin.publicKey, a.publicKey);
    await assert.rejects(ledger.recordKey(addBody(twin)), refused(/on the record already, as .* of a\.org/));
    await assert.rejects(add(ledger, newLogKey('a.org')), refused(/rotate it/));
    await assert.rejects(add(ledger, newLogKey(ledger.log)), { name: 'LedgerRefusal' });
    const weak = { change: 'add' as const, org: 'c.org', keyId: '00000000', roles: ['planner' as const] };
    const identity = new Uint8Array(32);
    identity[0] = 1;
    await assert.rejects(ledger.recordKey({ ...weak, publicKey: toBase64(identity) }), refused(/small order/));
    await assert.rejects(
      ledger.recordKey({ ...weak, publicKey: toBase64(new Uint8Array(32).fill(255)) }),
      refused(/not canonical/),
    );
    const honest = newLogKey('c.org');
    await assert.rejects(
      ledger.recordKey({ ...weak, publicKey: toBase64(honest.publicKey) }),
      refused(/not that of the key/),
    );
    // A public key alone: the keeper's word, until it signs.
    await ledger.recordKey(addBody(honest));
    await adopt(ledger, await plan(ledger, asking('valley', 2)), honest);
    assert.deepEqual((await verifyBundle(await ledger.bundle())).faults, []);
  }));

/** The signer line of the same secret under another name. */
function renamed(key: LogKey, name: string): string {
  const secret = key.secret().trim().split('+').slice(4).join('+');
  return `PRIVATE+KEY+${name}+${keyId(name, key.publicKey)}+${secret}\n`;
}

test('rotation: both keys sign it, both hold during the overlap, then the new one alone', () =>
  withLedger(async (ledger) => {
    const [old, next, stranger] = [newLogKey('a.org'), newLogKey('a.org'), newLogKey('a.org')];
    await add(ledger, old);
    const digest = await plan(ledger, asking('valley', 2));
    const unproven = rotation(ledger.log, old, next, 2);
    // Signed by the old key, but with the proof of a third: nobody rotates to a key that is not theirs.
    const publicKey = toBase64(next.publicKey);
    const body = {
      change: 'rotate' as const,
      org: 'a.org',
      from: old.id,
      keyId: next.id,
      publicKey,
      overlap: 2,
      proof: '',
    };
    await assert.rejects(
      ledger.recordSigned(signChange(ledger.log, body, old, now(), stranger)),
      refused(/has not signed the rotation/),
    );
    await assert.rejects(
      ledger.recordSigned(signChange(ledger.log, body, next, now(), next)),
      refused(/must be signed by the old key/),
    );
    const { seq } = await ledger.recordSigned(unproven);
    // A thief of the old key cannot use the overlap to stay, or to be rid of the owner.
    await assert.rejects(ledger.recordSigned(rotation(ledger.log, old, stranger, 0)), refused(/changes no key/));
    await assert.rejects(
      ledger.recordSigned(signChange(ledger.log, revocation(next), old, now())),
      refused(/changes no key/),
    );
    await adopt(ledger, digest, old);
    await adopt(ledger, digest, next);
    assert.equal(ledger.size(), seq + 3);
    await assert.rejects(adopt(ledger, digest, old), refused(new RegExp(`ended at entry ${seq + 3}`)));
    await adopt(ledger, digest, next);
    assert.deepEqual((await ledger.adoptionState(digest))?.signedBy, ['a.org']);
    assert.deepEqual((await verifyBundle(await ledger.bundle())).faults, []);
  }));

test('a revoked key: what it signed before holds, what it signs after does not, also after a restart', () =>
  inTemporary(async (dir) => {
    const [a, b] = [newLogKey('a.org'), newLogKey('b.org')];
    const first = await openLedger(dir);
    await add(first, a);
    await add(first, b);
    const digest = await plan(first, asking('valley', 2));
    const later = await signed(first, digest, a);
    await adopt(first, digest, a);
    const theirs = signChange(first.log, revocation(a), b, now());
    await assert.rejects(first.recordSigned(theirs), refused(/b\.org cannot change the keys of a\.org/));
    await first.recordSigned(signChange(first.log, revocation(a), a, now()));
    await assert.rejects(first.recordKey(revocation(a)), refused(/ended already/));
    await first.close();

    const second = await openLedger(dir);
    await assert.rejects(second.recordSigned(later), refused(/ended at entry 5 \(compromised\)/));
    // A new key for whom has none left is the keeper's to register.
    const fresh = newLogKey('a.org');
    await add(second, fresh);
    await adopt(second, digest, b);
    assert.equal((await second.adoptionState(digest))?.status, 'counts');
    const bundle = await second.bundle();
    await second.close();
    const report = await verifyDirectory(dir);
    assert.deepEqual(report.faults, []);
    assert.equal(report.adoptions[0]?.status, 'counts');
    assert.equal((await verifyBundle(bundle)).signatures, 6);
  }));

test('a signed document is recorded once, on its own log, with its own content and its own plan', () =>
  withLedger(async (ledger) => {
    const a = newLogKey('a.org');
    await add(ledger, a);
    const digest = await plan(ledger, asking('valley', 2));
    const other = await plan(ledger, asking('valley', 2), 2);
    const document = await signed(ledger, digest, a);
    const first = await ledger.recordSigned(document);
    const again = await ledger.recordSigned(document);
    assert.deepEqual([again.seq, again.digest, again.repeated], [first.seq, first.digest, true]);
    const { entry, blob } = document;
    assert(entry.kind === 'adoption' && blob);
    const fresh = { ...entry, idem: randomUUID() };
    const cases: [SignedDocument, RegExp | 'conflict'][] = [
      [{ ...document, entry: { ...fresh, log: 'evenhand.local/other' } }, /signed for the log/],
      [{ ...document, blob: { ...blob, text: blob.text.replace('even', 'odd') } }, /not the one that was signed/],
      [{ ...document, blob: null }, /is missing/],
      [{ ...document, entry: fresh }, 'conflict'],
    ];
    for (const [bad, what] of cases)
      await assert.rejects(ledger.recordSigned(bad), what === 'conflict' ? { detail: 'conflict' } : refused(what));
    // The signature covers all that is not the log's to give.
    const unsent = await signed(ledger, digest, a);
    const changes: Partial<typeof entry>[] = [
      { ts: '2020-01-01T00:00:00.000Z' },
      { idem: randomUUID() },
      { actor: { org: 'a.org', keyId: '00000000' } },
      { sig: `${'A'.repeat(86)}==` },
    ];
    for (const change of changes)
      await assert.rejects(
        ledger.recordSigned({ ...unsent, entry: { ...unsent.entry, ...change } as typeof entry }), // of the same kind
        refused(/does not hold/),
      );
    const draft = await ledger.draftAdoption({ allocation: other, by: 'x', why: 'y' });
    const { body } = await ledger.draftAdoption({ allocation: digest, by: 'x', why: 'y' });
    const mixed = signDraft({ ...draft, body }, a, { ...now(), salt: randomBytes(32) });
    await assert.rejects(ledger.recordSigned(mixed), refused(/the plan it adopts is entry/));
    assert.equal(ledger.size(), first.seq + 1);
    await assert.rejects(
      ledger.recordSigned(signChange(ledger.log, addBody(newLogKey('b.org')), newLogKey('b.org'), now())),
    );
  }));

test('in one batch: a revocation stops what comes after it', () =>
  withLedger(async (ledger) => {
    const a = newLogKey('a.org');
    await add(ledger, a);
    const digest = await plan(ledger, asking('valley', 2));
    const [before, after] = [await signed(ledger, digest, a), await signed(ledger, digest, a)];
    const outcomes = await Promise.allSettled([
      ledger.recordSigned(before),
      ledger.recordSigned(signChange(ledger.log, revocation(a), a, now())),
      ledger.recordSigned(after),
    ]);
    const held = outcomes.map(({ status }) => status === 'fulfilled');
    assert.equal(held[1], true);
    const report = await verifyBundle(await ledger.bundle());
    assert.deepEqual(report.faults, []);
    // However they came to lie: the record holds those that stand before the revocation, and none after it.
    const entries = (await ledger.entries(0, 100)).map(({ entry }) => entry);
    const at = entries.findIndex(({ kind, body }) => kind === 'key' && Object(body).change === 'revoke');
    assert.equal(entries.slice(at).filter(({ kind }) => kind === 'adoption').length, 0);
    assert.equal(
      entries.slice(0, at).filter(({ kind }) => kind === 'adoption').length,
      held.filter(Boolean).length - 1,
    );
  }));

test('each signed thing that is tampered with is found and named, although the log signs for it', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const [a, b, next] = [newLogKey('a.org'), newLogKey('b.org'), newLogKey('a.org')];
    const log = ledger.log;
    await add(ledger, a); // 0
    await add(ledger, b); // 1
    const digest = await plan(ledger, asking('valley', 2)); // 2, 3
    await adopt(ledger, digest, a); // 4
    await ledger.recordSigned(rotation(log, a, next, 1)); // 5
    await adopt(ledger, digest, next); // 6
    await ledger.recordSigned(signChange(log, revocation(b), b, now())); // 7
    await ledger.recordKey({ change: 'roles', org: 'a.org', roles: ['coordinator', 'auditor'] }); // 8
    const bundle = await ledger.bundle();
    await ledger.close();
    const key = parseLogKey(await readFile(join(dir, 'log.key'), 'utf8'))!;
    assert.deepEqual(await faultsOf(resigned(bundle, key, () => {})), []);

    type Entries = Parameters<Parameters<typeof resigned>[2]>[0];
    const body = (entries: Entries, seq: number) => entries[seq]!.body as Record<string, unknown>;
    const cases: [what: string, expected: string[], change: (entries: Entries) => void][] = [
      ['roles of a signed addition', ['0 author'], (e) => (body(e, 0).roles = ['field'])],
      ['the public key of an addition', ['0 key'], (e) => (body(e, 0).publicKey = toBase64(next.publicKey))],
      [
        'an addition that is dropped',
        ['4 author', '5 key', '6 author'],
        (e) => e.splice(0, 1, { ...e[1]!, idem: 'copied' }),
      ],
      ['one key for two', ['1 key'], (e) => Object.assign(body(e, 1), { publicKey: body(e, 0).publicKey })],
      ['the time of an adoption', ['4 author'], (e) => (e[4]!.ts = '2020-01-01T00:00:00.000Z')],
      ['who signed an adoption', ['4 author'], (e) => (e[4]!.actor = { org: 'b.org', keyId: b.id })],
      ['the signature of an adoption', ['4 author'], (e) => (e[4]!.sig = e[6]!.sig)],
      ['a signature that is taken away', ['4 author'], (e) => (e[4]!.sig = null)],
      ['the overlap of a rotation', ['5 author'], (e) => (body(e, 5).overlap = 100)],
      ['the proof of a rotation', ['5 author'], (e) => (body(e, 5).proof = e[4]!.sig)],
      ['the reason of a revocation', ['7 author'], (e) => (body(e, 7).reason = 'left')],
      ['a revocation on nobody’s word', ['7 author'], (e) => (e[7]!.sig = null)],
      ['roles of nobody', ['8 key'], (e) => (body(e, 8).org = 'c.org')],
      [
        'roles said to be given by the organisation',
        ['8 author'],
        (e) => (e[8]!.actor = { ...e[8]!.actor, org: 'a.org' }),
      ],
      ['an unsigned entry with another key', ['2 author'], (e) => (e[2]!.actor = { ...e[2]!.actor, keyId: a.id })],
      ['an unsigned entry of a stranger', ['3 author'], (e) => (e[3]!.actor = { ...e[3]!.actor, org: 'c.org' })],
      ['the quorum', ['2 binding'], (e) => (body(e, 2).quorum = 1)],
    ];
    for (const [what, expected, change] of cases) {
      const found = await faultsOf(resigned(bundle, key, (entries) => void change(entries)));
      for (const fault of expected) assert(found.includes(fault), `${what}: ${found}`);
    }
    // Moving a signature behind the revocation, or the end of the overlap, is what a thief of the key would try.
    const moved = resigned(bundle, key, (entries) => entries.push({ ...entries[4]!, idem: entries[4]!.idem }));
    assert((await faultsOf(moved)).includes('9 author'));
    // Nobody but the holder can sign it with the log's help either.
    const text = bundle.blobs.find(({ text: t }) => t.includes('an office'))!;
    const changed = { ...text, text: text.text.replace('even', 'odd') };
    const found = await faultsOf({ ...bundle, blobs: bundle.blobs.map((blob) => (blob === text ? changed : blob)) });
    assert.match(found.join(), /\d blob/);
  }));

test('a signed adoption whose content speaks of another plan is found', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const a = newLogKey('a.org');
    await add(ledger, a);
    const digest = await plan(ledger, asking('valley', 2));
    const other = await plan(ledger, asking('valley', 2), 2);
    await adopt(ledger, digest, a);
    const honest = await ledger.draftAdoption({ allocation: digest, by: 'x', why: 'y' });
    const wrong = { ...honest, content: { ...honest.content, allocation: other } };
    const { entry, blob } = signDraft(wrong, a, { ...now(), salt: randomBytes(32) });
    const bundle = await ledger.bundle();
    await ledger.close();
    assert(entry.kind === 'adoption' && blob);
    const key = parseLogKey(await readFile(join(dir, 'log.key'), 'utf8'))!;
    const blobs = [...bundle.blobs, { digest: entry.body.adoption, ...blob }];
    const forged = resigned({ ...bundle, blobs }, key, (entries) => entries.push({ ...entry, seq: 0, prev: '' }));
    assert.equal(canonicalText(wrong.content), blob.text);
    assert.deepEqual(await faultsOf(forged), ['5 binding']);
  }));

test('a revocation that is taken out of the index is missed by nobody who verifies the directory', () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir);
    const a = newLogKey('a.org');
    await add(ledger, a);
    await ledger.recordKey(revocation(a));
    await ledger.close();
    assert.deepEqual((await verifyDirectory(dir)).faults, []);
    const kv = await openKeyValue(join(dir, 'store'), false);
    await kv.write([{ type: 'del', key: aboutKey(aboutKeys, 1) }]);
    await kv.close();
    const { faults } = await verifyDirectory(dir);
    assert.deepEqual(
      faults.map(({ seq, kind }) => [seq, kind]),
      [[1, 'index']],
    );
  }));
