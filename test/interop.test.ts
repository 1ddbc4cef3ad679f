/** Our checkpoints and proofs before code that is not ours: sigstore-js, which npm itself trusts for its own log. */
import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openLedger, parseProof, parseVerifierKey } from '../server/ledger/index.js';
import { allocationOf, inTemporary, scenarioOf } from './support/ledger-data.js';

/** The part of @sigstore/verify that checks a signed note and an RFC 6962 inclusion proof. */
interface TlogVerifier {
  verifyTLogInclusion(entry: object, authorities: readonly object[]): void;
}

function sigstore(): TlogVerifier | undefined {
  try {
    return createRequire(import.meta.url)('@sigstore/verify/dist/tlog/index.js') as TlogVerifier; // checked by its use
  } catch {
    return undefined;
  }
}

const other = sigstore();
const skip = other ? false : '@sigstore/verify is not installed: interoperation is not shown in this run';

test('sigstore-js verifies our checkpoint and inclusion proofs, and refuses spoilt ones', { skip }, () =>
  inTemporary(async (dir) => {
    const ledger = await openLedger(dir, { name: 'interop.example/log' });
    const valley = scenarioOf('valley');
    await Promise.all(Array.from({ length: 300 }, (_, n) => ledger.recordAllocation(allocationOf(valley, n), valley)));
    const { name, id, publicKey } = parseVerifierKey(ledger.verifierKey)!;
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
    const key: KeyObject = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    // Its key hint is the first four bytes of the log's ID, and its name is looked for in the base URL.
    const authority = { logID: Buffer.from(id, 'hex'), publicKey: key, baseURL: `https://${name}`, validFor: {} };
    const ask = (seq: number, entry: Uint8Array, text: string) => {
      const { path, checkpoint } = parseProof(text)!;
      const inclusionProof = {
        logIndex: String(seq),
        treeSize: String(ledger.size()),
        hashes: path.map((hash) => Buffer.from(hash)),
        checkpoint: { envelope: checkpoint },
      };
      other!.verifyTLogInclusion({ canonicalizedBody: Buffer.from(entry), inclusionProof }, [authority]);
    };
    for (const seq of [0, 1, 127, 128, 255, 256, 299, 300]) {
      const [stored] = await ledger.entries(seq, 1);
      const proof = (await ledger.proof(seq))!;
      ask(seq, stored!.bytes, proof);
      assert.throws(() => ask(seq, Buffer.concat([stored!.bytes, Buffer.of(0)]), proof), /root hash/);
      assert.throws(() => ask(seq, stored!.bytes, proof.replace('\n301\n', '\n302\n')), /signature|hash/);
      if (seq > 0) assert.throws(() => ask(seq - 1, stored!.bytes, proof), /hash/);
    }
    await ledger.close();
  }),
);
