/** A witness against the letter of C2SP tlog-witness, against forged histories, and a log that collects its word. */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBase64 } from '../server/ledger/bytes.js';
import { peekCheckpoint } from '../server/ledger/checkpoint.js';
import { cosignedAt } from '../server/ledger/cosignature.js';
import {
  cosignersOf,
  type LocalLedger,
  meetsQuorum,
  openLedger,
  parseVerifierKey,
  readConflicts,
  readPolicy,
  type TlogPolicy,
  verifyContinuation,
  verifyEd25519,
  verifyProof,
} from '../server/ledger/index.js';
import { type RunningWitness, serveWitness } from '../server/witness/serve.js';
import { type FakeLog, fakeLog, leavesOf, treeHead } from './support/forged-log.js';
import { until } from './support/http.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

const now = 1_790_000_000;

async function withWitness(
  logs: readonly FakeLog[],
  work: (witness: RunningWitness, dir: string) => Promise<void>,
): Promise<void> {
  await inTemporary(async (dir) => {
    const options = { dir, port: 0, name: 'witness.example/w1', logs: logs.map(({ key }) => key.verifierKey) };
    const witness = await serveWitness({ ...options, clock: () => now * 1000 });
    try {
      await work(witness, dir);
    } finally {
      await witness.close();
    }
  });
}

async function ask(witness: { url: string }, body: string | Uint8Array) {
  const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

test('add-checkpoint answers each case with its status, and cosigns what continues', async () => {
  const log = fakeLog();
  await withWitness([log], async (witness, dir) => {
    const stranger = fakeLog('other.example/log');
    const impostor = fakeLog(log.origin);
    assert.equal((await ask(witness, '')).status, 400);
    assert.equal((await ask(witness, `old 00\n\n${log.note(leavesOf(3))}`)).status, 400);
    assert.equal((await ask(witness, `old 5\n\n${log.note(leavesOf(3))}`)).status, 400);
    assert.equal((await ask(witness, Buffer.from([0xff, 0xfe]))).status, 400);
    assert.equal((await ask(witness, stranger.ask(0, leavesOf(3)))).status, 404);
    assert.equal((await ask(witness, impostor.ask(0, leavesOf(3)))).status, 403);
    // The proof must be empty where nothing was seen before.
    assert.equal((await ask(witness, log.ask(0, leavesOf(3), [treeHead(leavesOf(1))]))).status, 422);
    assert.deepEqual(await ask(witness, log.ask(2, leavesOf(3))), {
      status: 409,
      type: 'text/x.tlog.size',
      body: '0\n',
    });

    const first = await ask(witness, log.ask(0, leavesOf(3)));
    assert.equal(first.status, 200);
    // The specification's message, put together and verified here by hand.
    const [, name, encoded] = /^— (\S+) (\S+)\n$/.exec(first.body)!;
    const bytes = Buffer.from(encoded!, 'base64');
    assert.equal(name, 'witness.example/w1');
    assert.equal(bytes.length, 4 + 8 + 64);
    assert.equal(bytes.readBigUInt64BE(4), BigInt(now));
    const key = parseVerifierKey(witness.verifierKey, 4)!;
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.publicKey]);
    const head = `${log.origin}\n3\n${treeHead(leavesOf(3)).toString('base64')}\n`;
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    assert(nodeVerify(null, Buffer.from(`cosignature/v1\ntime ${now}\n${head}`), publicKey, bytes.subarray(12)));
    assert.equal(await cosignedAt(log.note(leavesOf(3)) + first.body, key, verifyEd25519), now);
    assert.equal(await cosignedAt(log.note(leavesOf(4)) + first.body, key, verifyEd25519), undefined);

    assert.equal((await ask(witness, log.ask(3, leavesOf(3)))).status, 200);
    assert.deepEqual((await ask(witness, log.ask(0, leavesOf(9)))).body, '3\n');
    assert.equal((await ask(witness, log.ask(3, leavesOf(9)))).status, 200);
    assert.equal((await ask(witness, log.ask(9, leavesOf(300)))).status, 200);
    assert.deepEqual(await readConflicts(join(dir, 'conflicts')), []);
  });
});

test('a forked, a rolled-back and an unproven history are refused; the two signed notes are kept, once', async () => {
  const log = fakeLog();
  await withWitness([log], async (witness, dir) => {
    for (const [old, size] of [
      [0, 5],
      [5, 8],
    ] as const)
      assert.equal((await ask(witness, log.ask(old, leavesOf(size)))).status, 200);
    const forked = leavesOf(8, 'other ');
    for (let n = 0; n < 2; n++) {
      assert.deepEqual((await ask(witness, log.ask(8, forked))).body, '8\n');
      assert.equal((await ask(witness, log.ask(5, leavesOf(5, 'other ')))).status, 409);
      assert.equal((await ask(witness, log.ask(6, leavesOf(6)))).status, 409);
      assert.equal((await ask(witness, log.ask(8, [...forked, 'more']))).status, 422);
    }
    const kept = await readConflicts(join(dir, 'conflicts'));
    assert.deepEqual(
      kept.map(({ kind, kept, shown }) => [kind, peekCheckpoint(kept)?.size, peekCheckpoint(shown)?.size]).sort(),
      [
        ['fork', 5, 5],
        ['fork', 8, 8],
        ['inconsistent', 8, 9],
        ['rollback', 8, 6],
      ],
    );
    const key = parseVerifierKey(log.key.verifierKey)!;
    for (const { kept: a, shown: b } of kept)
      for (const note of [a, b]) {
        const [, text = '', line = ''] = /^([\s\S]*\n)\n— \S+ (\S+)\n$/.exec(note)!;
        assert(verifyEd25519(key.publicKey, Buffer.from(text), Buffer.from(line, 'base64').subarray(4)));
      }
    assert.deepEqual(await (await fetch(`${witness.url}/evidence`)).json(), kept);
    assert.equal((await ask(witness, log.ask(8, leavesOf(9)))).status, 200);
  });
});

test('what was cosigned is remembered by the next process, and its key with it', () =>
  inTemporary(async (dir) => {
    const log = fakeLog();
    const first = await serveWitness({ dir, port: 0, name: 'w', logs: [log.key.verifierKey] });
    assert.equal((await ask(first, log.ask(0, leavesOf(7)))).status, 200);
    await assert.rejects(serveWitness({ dir, port: 0 }), /held/);
    await first.close();
    assert.equal((await stat(join(dir, 'witness.key'))).mode & 0o077, 0);
    const again = await serveWitness({ dir, port: 0 });
    assert.deepEqual([again.verifierKey, again.logs], [first.verifierKey, [log.origin]]);
    assert.deepEqual((await ask(again, log.ask(0, leavesOf(7, 'x')))).body, '7\n');
    await again.close();
    await assert.rejects(serveWitness({ dir, port: 0, name: 'v' }), /is called w, not v/);
    await assert.rejects(serveWitness({ dir, port: 0, logs: ['rubbish'] }), /no verifier key/);
    await writeFile(join(dir, 'witness.key'), (await readFile(join(dir, 'witness.key'), 'utf8')).replace('+', '-'));
    await assert.rejects(serveWitness({ dir, port: 0 }), /damaged/);
  }));

test('requests that race never take a witness back', async () => {
  const log = fakeLog();
  await withWitness([log], async (witness) => {
    assert.equal((await ask(witness, log.ask(0, leavesOf(1)))).status, 200);
    const sizes = Array.from({ length: 24 }, (_, i) => 2 + ((i * 7) % 24));
    const answers = await Promise.all(sizes.map((size) => ask(witness, log.ask(1, leavesOf(size)))));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    const winner = sizes[answers.findIndex(({ status }) => status === 200)];
    assert.equal((await ask(witness, log.ask(0, leavesOf(99)))).body, `${winner}\n`);
  });
});

/** WITNESS_FORGERIES=1000 for the full campaign. */
const forgeries = Number(process.env.WITNESS_FORGERIES ?? 60);

test('no forged history is cosigned, and each leaves its two notes', async () => {
  const log = fakeLog();
  const seed = process.env.WITNESS_SEED;
  let cosigned = 0;
  let kept = 0;
  await withWitness([log], async (witness, dir) => {
    let honest = leavesOf(10);
    assert.equal((await ask(witness, log.ask(0, honest))).status, 200);
    const forged = fc.record({
      size: fc.integer({ min: 1, max: 40 }),
      at: fc.nat(39),
      old: fc.option(fc.integer({ min: 0, max: 45 })),
      proof: fc.constantFrom('own', 'honest', 'none'),
      grow: fc.nat(3),
    });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(forged, async ({ size, at, old, proof, grow }) => {
        if (grow > 0 && honest.length < 38) {
          const more = [...honest, ...leavesOf(grow, 'grown ')];
          assert.equal((await ask(witness, log.ask(honest.length, more))).status, 200);
          honest = more;
        }
        // One leaf that the witness has seen is another one; or the tail is cut.
        const base = [...honest, ...leavesOf(40)].slice(0, size);
        const place = at % Math.min(size, honest.length);
        const lie = size < honest.length && at % 2 === 0 ? base : base.with(place, `forged ${n++}`);
        const from = old ?? honest.length;
        const paths = { own: undefined, honest: [treeHead(honest)], none: [] };
        const { status } = await ask(witness, log.ask(from, lie, paths[proof]));
        if (status === 200) cosigned++;
        const notes = (await readConflicts(join(dir, 'conflicts'))).map(({ shown }) => shown);
        // A request that skips over what is known is turned away before anything can be said of the tree.
        if (notes.includes(log.note(lie))) kept++;
        else assert(from !== honest.length && size > honest.length, `${size} of ${honest.length}, old ${from}`);
      }),
      { numRuns: forgeries, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    );
  });
  assert.equal(cosigned, 0);
  assert(kept > forgeries / 3);
  if (forgeries > 100) console.log(`forged ${forgeries}, cosigned ${cosigned}, kept as evidence ${kept}`);
});

async function policyOf(witnesses: readonly RunningWitness[], dead: string[], least: number): Promise<TlogPolicy> {
  const lines = witnesses.map(({ verifierKey, url }, i) => `witness w${i} ${verifierKey} ${url}`);
  const names = [...witnesses.map((_, i) => `w${i}`), ...dead.map((_, i) => `d${i}`)];
  const more = dead.map((line, i) => `witness d${i} ${line}`);
  const read = readPolicy(
    [...lines, ...more, `group all-of-us ${least} ${names.join(' ')}`, 'quorum all-of-us'].join('\n'),
  );
  assert(read.ok, JSON.stringify(read));
  return read.policy;
}

test('receipts are logged at once and become witnessed when the quorum has signed, also across a restart', () =>
  inTemporary(async (dir) => {
    const data = join(dir, 'log');
    const begun = await openLedger(data);
    const { verifierKey } = begun;
    await begun.close();
    const witnesses = await Promise.all(
      ['a', 'b', 'gone'].map((name) => serveWitness({ dir: join(dir, name), port: 0, name, logs: [verifierKey] })),
    );
    const [a, b, gone] = witnesses as [RunningWitness, RunningWitness, RunningWitness];
    await gone.close();
    const policy = await policyOf([a, b], [`${gone.verifierKey} ${gone.url}`], 2);
    const ledger = await openLedger(data, { witnesses: { policy, everyMs: 20 } });
    const key = parseVerifierKey(verifierKey)!;
    const valley = scenarioOf('valley');
    const receipt = await ledger.recordAllocation(allocationOf(valley, 1), valley);
    assert.equal(receipt.status, 'logged');
    const upgraded = async (from: LocalLedger, digest: string) => (await from.receipt(digest))?.status === 'witnessed';
    await until('a witnessed receipt', () => upgraded(ledger, receipt.digest));
    await until('a newer one after growth', async () => {
      const { digest } = await ledger.recordAllocation(allocationOf(valley, 2), valley);
      return upgraded(ledger, digest);
    });
    const better = (await ledger.receipt(receipt.digest))!;
    const [, entry] = await ledger.entries(0, 9);
    assert.equal((await verifyProof(better.proof, entry!.bytes, key, verifyEd25519))?.size, better.size);
    const note = better.proof.slice(better.proof.indexOf('\n\n') + 2);
    assert.deepEqual([...(await cosignersOf(policy, note, verifyEd25519))].sort(), ['w0', 'w1']);
    assert(meetsQuorum(policy, await cosignersOf(policy, note, verifyEd25519)));
    assert.equal(ledger.witnessed(), ledger.checkpoint());
    // The earlier checkpoint, as somebody kept it, is continued by the newest; the proof is what a witness takes too.
    const kept = peekCheckpoint(receipt.proof.slice(receipt.proof.indexOf('\n\n') + 2))!;
    const continued = (await ledger.consistencyProof(kept.size))!;
    assert.equal((await verifyContinuation(continued, kept, key, verifyEd25519))?.size, 3);
    assert.equal(
      await verifyContinuation(continued, { ...kept, root: treeHead(['x']) }, key, verifyEd25519),
      undefined,
    );
    await ledger.close();
    await a.close();

    const again = await openLedger(data, { witnesses: { policy, everyMs: 20 } });
    assert.equal(await upgraded(again, receipt.digest), true);
    // One of three is no quorum: new entries stay logged, the old ones witnessed.
    const next = await again.recordAllocation(allocationOf(valley, 3), valley);
    await until('the witness that is left', async () => (await (await fetch(b.url)).json()) !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await again.receipt(next.digest))?.status, 'logged');
    assert.equal(await upgraded(again, receipt.digest), true);
    await again.close();
    // Without its policy nobody says what is enough.
    const alone = await openLedger(data);
    assert.equal((await alone.receipt(receipt.digest))?.status, 'logged');
    await alone.close();
    await b.close();
  }));

test('a log that goes back behind its witness is told so, and gets no cosignature', () =>
  inTemporary(async (dir) => {
    const first = await openLedger(join(dir, 'log'), { name: 'same.example/log' });
    await first.recordScenario(scenarioOf('valley'));
    await first.recordScenario(scenarioOf('hill'));
    const witness = await serveWitness({ dir: join(dir, 'w'), port: 0, name: 'w', logs: [first.verifierKey] });
    assert.equal((await ask(witness, (await first.consistencyProof(0))!)).status, 200);
    await first.close();
    // The key is kept, the history begun anew.
    const secret = await readFile(join(dir, 'log', 'log.key'), 'utf8');
    const { parseLogKey } = await import('../server/ledger/keys.js');
    const key = parseLogKey(secret)!;
    const lie = fakeLog(key.name, key);
    assert.equal((await ask(witness, lie.ask(0, ['another beginning']))).body, '2\n');
    assert.equal((await ask(witness, lie.ask(2, ['another', 'beginning', 'longer']))).status, 422);
    const kinds = (await readConflicts(join(dir, 'w', 'conflicts'))).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['inconsistent', 'rollback']);
    await witness.close();
  }));

test('a policy is read as tlog-policy says, and its faults are told by line', () => {
  const w = (n: number) => {
    // a key that exists: its secret is n, 32 times
    const secret = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, n)]);
    const { x } = createPublicKey(createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' })).export({
      format: 'jwk',
    });
    return formatKey(`w${n}`, Buffer.from(x!, 'base64url'));
  };
  const text = [
    '# who must have seen it',
    `  witness X1\t${w(1)}   https://one.example`,
    `witness X2 ${w(2)}`,
    `witness Y1 ${w(3)}`,
    'group X 2 X1 X2',
    'group both any X Y1',
    '',
    'quorum both',
  ];
  const read = readPolicy(text.join('\n'));
  assert(read.ok);
  const enough = (...names: string[]) => meetsQuorum(read.policy, new Set(names));
  assert.deepEqual(
    [enough(), enough('X1'), enough('X1', 'X2'), enough('Y1'), enough('X2', 'Y1')],
    [false, false, true, true, true],
  );
  const none = readPolicy('quorum none');
  assert(none.ok && meetsQuorum(none.policy, new Set()));
  const faults: [number, string[]][] = [
    [0, text.slice(0, 7)],
    [9, [...text, 'quorum X']],
    [4, text.with(3, `witness Y1 ${w(2)}`)],
    [4, text.with(3, `witness X1 ${w(3)}`)],
    [5, text.with(4, 'group X 3 X1 X2')],
    [5, text.with(4, 'group X 0 X1 X2')],
    [6, text.with(5, 'group both any X X1')],
    [8, text.with(7, 'quorum nobody')],
    [3, text.with(2, 'witness X2 rubbish')],
    [1, text.with(0, 'log rubbish')],
    [1, text.with(0, 'gift X')],
    [1, text.with(0, 'quorum\rX')],
  ];
  for (const [line, lines] of faults) {
    const bad = readPolicy(lines.join('\n'));
    assert.equal(bad.ok ? 'ok' : bad.line, line, lines.join('\n'));
  }
});

function formatKey(name: string, publicKey: Uint8Array): string {
  // An Ed25519 cosigner key, by hand: SHA-256(name ‖ LF ‖ 0x04 ‖ key)[:4].
  const { createHash } = process.getBuiltinModule('node:crypto');
  const id = createHash('sha256')
    .update(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(4), publicKey]))
    .digest();
  const text = `${name}+${id.toString('hex', 0, 4)}+${Buffer.concat([Buffer.of(4), publicKey]).toString('base64')}`;
  assert(fromBase64(text.split('+').slice(2).join('+')));
  return text;
}
