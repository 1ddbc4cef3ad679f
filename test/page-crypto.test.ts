/** The record is verified in browsers that have no WebCrypto: plain http from another machine is none of its places. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allocate, closePool } from '../engine/index.js';
import { readCase } from '../scenarios/index.js';
import { toBase64 } from '../server/ledger/bytes.js';
import { openLedger } from '../server/ledger/index.js';
import { newLogKey } from '../server/ledger/keys.js';
import { browserPath, NO_BROWSER, openSite, type Site } from './support/browser.js';

/** An organisation with its key, a scenario and its plan. */
async function prepare(dir: string): Promise<void> {
  const ledger = await openLedger(dir);
  const { id, publicKey } = newLogKey('relief.org');
  await ledger.recordKey({
    ...{ change: 'add', org: 'relief.org', keyId: id, publicKey: toBase64(publicKey), roles: ['coordinator'] },
  });
  const scenario = readCase('two-valleys');
  await ledger.recordAllocation(await allocate(scenario, { gap: 0.01 }), scenario);
  await ledger.close();
}

describe('the page without WebCrypto', { skip: browserPath === undefined ? NO_BROWSER : false }, () => {
  let site: Site;
  before(async () => {
    site = await openSite({ far: true, prepare });
  });
  after(async () => {
    await site.close();
    await closePool();
  });

  it('turns the record green by arithmetic of its own', { timeout: 60_000 }, async () => {
    const { page, seen } = await site.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${site.url}/#/record`);
    assert.equal(await page.evaluate('typeof crypto.subtle'), 'undefined');
    await page.getByRole('button', { name: 'Check everything in this browser' }).click();
    await page.getByText(/^✓ 3 entries hold/).waitFor({ timeout: 30_000 });
    assert.equal(await page.locator('[data-state="good"]').count(), 3);
    assert.ok(asked.some((path) => /worker-portable/.test(path)));
    assert.deepEqual(seen.wrong, []);
    await page.context().close();
  });

  it('shows a record with one digit changed, or a signature with one letter changed, red', {
    timeout: 60_000,
  }, async () => {
    const bundle = (await (await fetch(`${localOf(site)}/ledger/bundle`)).json()) as Bundle;
    const changed: Bundle[] = [structuredClone(bundle), structuredClone(bundle)];
    const victim = bundle.entries.findIndex((text) => JSON.parse(text).kind === 'allocation');
    changed[0]!.entries[victim] = bundle.entries[victim]!.replace(
      /("value":")(-?\d)/,
      (_, head, digit) => head + ((Number(digit) + 1) % 10),
    );
    // the last line is the signature: base64 of key id and signature
    changed[1]!.checkpoint = bundle.checkpoint.replace(
      /(.{20})(.)(.{6})\n$/,
      (_, head, one, tail) => `${head}${one === 'A' ? 'B' : 'A'}${tail}\n`,
    );
    assert.notEqual(changed[1]!.checkpoint, bundle.checkpoint);
    for (const [i, json] of changed.entries()) {
      const { page } = await site.open();
      await page.route('**/ledger/bundle', (route) => route.fulfill({ json }));
      await page.goto(`${site.url}/#/record`);
      await page.getByRole('button', { name: 'Check everything in this browser' }).click();
      await page.getByText(/The record does not hold/).waitFor({ timeout: 30_000 });
      assert.equal(await page.locator('[data-state="good"]').count(), 0);
      if (i === 0) assert.ok(await page.locator(`#entry-${victim} [data-state="bad"]`).isVisible());
      await page.context().close();
    }
  });

  it('is not loaded where the browser has WebCrypto', { timeout: 60_000 }, async () => {
    // the same server under the name of this machine, where plain http is a secure context
    const { page } = await site.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${localOf(site)}/#/record`);
    assert.equal(await page.evaluate('typeof crypto.subtle'), 'object');
    await page.getByRole('button', { name: 'Check everything in this browser' }).click();
    await page.getByText(/^✓ 3 entries hold/).waitFor({ timeout: 30_000 });
    assert.ok(asked.some((path) => /worker-/.test(path)));
    assert.deepEqual(
      asked.filter((path) => /portable/.test(path)),
      [],
    );
    await page.context().close();
  });
});

interface Bundle {
  entries: string[];
  checkpoint: string;
}

const localOf = ({ url }: Site): string => `http://127.0.0.1:${new URL(url).port}`;
