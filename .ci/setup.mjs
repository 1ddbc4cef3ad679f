// Installs and builds what `npm start` and `npm test` need, and nothing twice: a fresh clone has neither
// node_modules nor dist; later runs only compile what changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

const need = [20, 19];
const have = process.versions.node.split('.').map(Number);
if (have[0] < need[0] || (have[0] === need[0] && have[1] < need[1])) {
  console.error(`Evenhand needs Node ${need.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(70);
}

const root = new URL('..', import.meta.url);
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 70);
}

// npm copies the lock it installed from to node_modules; if the lock is newer, dependencies changed.
const stamp = new URL('node_modules/.evenhand-installed', root);
const lock = readFileSync(new URL('package-lock.json', root), 'utf8');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('Installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

const built = new URL('dist/.built', root);
const newest = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.tsx', '*tsconfig.json'], {
  cwd: root,
  encoding: 'utf8',
});
const files = newest.status === 0 ? newest.stdout.split('\n').filter(Boolean) : [];
const stale =
  !existsSync(built) ||
  files.length === 0 ||
  files.some((f) => existsSync(new URL(f, root)) && statSync(new URL(f, root)).mtimeMs > statSync(built).mtimeMs);
if (stale) {
  console.error('Compiling …');
  // what was deleted or renamed must not go on being tested
  rmSync(new URL('dist', root), { recursive: true, force: true });
  run(process.execPath, ['.ci/kernels.mjs']);
  run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.json']);
  run('npx', ['--no-install', 'tsc', '-p', 'server/web/tsconfig.json']);
  writeFileSync(built, '');
}
// looks at its sources itself: more kinds of files than the compiler's
run(process.execPath, ['.ci/page.mjs']);
