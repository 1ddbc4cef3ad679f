// Runs all compiled tests, two processes at a time. A process costs half a second to two before its first test, for what it imports and
// for code that is compiled anew; so files that leave a process as they found it share one. What kills, counts memory or takes long has
// its own, and the longest of all begins first. What solves while it is loaded has its own too: files are loaded while tests of those
// before them run, and one that closes the pool of threads would end that solve. A file that is named nowhere here has a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

/** Processes in the order in which they begin: files by their names without `.test.js`, `*` for any ending. */
const shared = [
  'page',
  'allocation-structured',
  'campaigns',
  'frontier',
  'explain leximin leximin-coverage',
  'engine-laws engine-lots engine-network engine-sums engine-exact engine-compile',
  'engine-proof engine-solvers engine-futures allocation-bounds allocation-solvers',
  'http-server',
  'after stay replan response response-plan periods',
  'report-brief report-maps report-reasons report-tables compare compare-reading convert stage-files office',
  'http-lists http-routes http-organisations http-openapi plans-http packed packed-http explain-record',
  'solve-*',
  'drafts-cli library-plans organisations-cli reports-cli formats-program filled',
  'ledger-merkle ledger-note ledger-plain ledger-reader ledger-record ledger-startup ledger-verify ledger-digestmap',
  'organisations mirror witness interop publickey',
  'scenarios-* field-* formats-faults formats-refused needs qr routes-proposed township',
];

const dist = new URL('../dist/test/', import.meta.url);
const names = readdirSync(dist).flatMap((file) => /^(.+)\.test\.js$/.exec(file)?.[1] ?? []);
const taken = new Set();
const matching = (pattern) => {
  const found = names.filter((name) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
  if (found.length === 0) throw new Error(`.ci/test.mjs: there is no test '${pattern}'`);
  for (const name of found) taken.add(name);
  return found;
};
const processes = shared.map((patterns) => patterns.split(' ').flatMap(matching));
processes.push(...names.filter((name) => !taken.has(name)).map((name) => [name]));

const folder = new URL('processes/', dist);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const files = processes.map((list, n) => {
  // the runner takes them in the order of their names
  const file = new URL(`${String(n).padStart(3, '0')}-${list[0]}.js`, folder);
  writeFileSync(file, list.map((name) => `import '../${name}.test.js';\n`).join(''));
  return file.pathname;
});
const args = ['--test', '--test-concurrency=2', '--test-reporter=spec', ...files];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exitCode = status ?? 70;
