/** Organisations as people keep them: keys and tokens made, signed with, changed and revoked on the command line. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedger, signedSchema } from '../server/ledger/index.js';
import { newLogKey } from '../server/ledger/keys.js';
import { holderOf } from '../server/tokens.js';
import { allocationOf, scenarioOf } from './support/ledger-data.js';
import { readyIn } from './support/program.js';

test('from the first organisation to a plan that two have adopted, and a key that is revoked', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'evenhand-org-'));
  const at = (name: string) => join(dir, name);
  const run = readyIn(dir);
  const good = async (...args: string[]): Promise<string> => {
    const { status, out, err } = await run(...args);
    assert.equal(status, 0, err);
    return out;
  };
  const bad = async (what: RegExp, ...args: string[]) => {
    const { status, err } = await run(...args);
    assert.equal(status, 2, err);
    assert.match(err, what);
  };

  await good('org', 'add', 'a.org', '--roles', 'coordinator,planner');
  if (process.platform !== 'win32') assert.equal((await stat(at('a.org.key'))).mode & 0o777, 0o600);
  // The other one keeps its secret at home.
  const b = newLogKey('b.org');
  await writeFile(at('b.key'), b.secret(), { mode: 0o600 });
  await good('org', 'add', 'b.org', '--roles', 'coordinator', '--key', b.verifierKey);
  await bad(/has the key .* already/, 'org', 'add', 'a.org', '--out', 'other.key');
  await assert.rejects(stat(at('other.key')), { code: 'ENOENT' });
  await bad(/keys are not overwritten/, 'org', 'add', 'a.org');
  await bad(/lower-case/, 'org', 'add', 'Red Cross');
  await bad(/there is no role 'chief'/, 'org', 'add', 'c.org', '--roles', 'chief');
  await bad(/not safe|no Ed25519/, 'org', 'add', 'c.org', '--key', 'c.org+00000000+AQEAAA==');

  const token = (await good('token', 'a.org', '--role', 'planner')).trim();
  const data = at('data');
  const holder = await holderOf(data, token);
  assert.deepEqual([holder?.org, holder?.role], ['a.org', 'planner']);
  await bad(/not field/, 'token', 'a.org', '--role', 'field');
  await bad(/no such organisation/, 'token', 'z.org', '--role', 'field');
  assert.match(await good('token', 'list'), /a\.org +planner/);
  await good('token', 'revoke', holder?.id ?? '');
  assert.equal(await holderOf(data, token), undefined);

  const ledger = await openLedger(data);
  const scenario = { ...scenarioOf('valley'), adoption: { quorum: 2 } };
  const { digest } = await ledger.recordAllocation(allocationOf(scenario, 1), scenario);
  const draft = await ledger.draftAdoption({ allocation: digest, by: 'office', why: 'even' });
  await writeFile(at('draft.json'), JSON.stringify(draft));
  const { log } = ledger;
  await bad(/held by/, 'org', 'add', 'd.org');
  for (const file of ['a.org.key', 'b.key'])
    await ledger.recordSigned(signedSchema.parse(JSON.parse(await good('sign', 'draft.json', '--key', file))));
  assert.equal((await ledger.adoptionState(digest))?.status, 'counts');
  await ledger.close();
  await bad(/give --key KEYFILE/, 'sign', 'draft.json');
  await writeFile(at('empty.json'), '{}');
  await bad(/is no draft \(.*\/kind/s, 'sign', 'empty.json', '--key', 'b.key');
  if (process.platform !== 'win32') {
    await writeFile(at('open.key'), b.secret());
    await chmod(at('open.key'), 0o644);
    await bad(/can be read by others/, 'sign', 'draft.json', '--key', 'open.key');
  }

  // Away from the ledger a change is printed, to be sent.
  const printed = await good(
    'org',
    'rotate',
    'b.org',
    '--key',
    'b.key',
    '--overlap',
    '0',
    '--log',
    log,
    '--out',
    'b2.key',
  );
  const again = await openLedger(data);
  await again.recordSigned(signedSchema.parse(JSON.parse(printed)));
  await again.close();
  await bad(/ended at entry/, 'org', 'rotate', 'b.org', '--key', 'b.key', '--out', 'b3.key');
  const [, id] = /PRIVATE\+KEY\+b\.org\+([0-9a-f]{8})/.exec(await readFile(at('b2.key'), 'utf8')) ?? [];
  await good('org', 'revoke', 'b.org', id ?? '', '--key', 'b2.key', '--reason', 'lost');
  await good('org', 'roles', 'a.org', '--roles', 'auditor');
  const list = JSON.parse(await good('org', 'list', '--json'));
  assert.deepEqual(
    list.organisations.map((org: { roles: string[]; keys: { ended: string | null }[] }) => [
      org.roles,
      org.keys.map(({ ended }) => ended),
    ]),
    [
      [['auditor'], [null]],
      [['coordinator'], [`rotated to ${id}`, 'lost']],
    ],
  );
  const { out } = await run('verify', 'data');
  assert.match(out, /plan of entry 3: adopted \(a\.org, b\.org\)/);
  const report = JSON.parse((await run('verify', 'data', '--json')).out);
  // The plan is made up, so its certificate, and nothing else, is at fault.
  assert.deepEqual(
    report.faults.map(({ kind }: { kind: string }) => kind),
    ['certificate'],
  );
  assert.equal(report.adoptions[0].status, 'counts');
  await rm(dir, { recursive: true });
});
