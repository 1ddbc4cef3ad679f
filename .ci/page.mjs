// Builds the planner's page (server/web → dist/server/web) where a source of it is newer than what was built.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}dist/server/web`;
const stamp = `${target}/.built`;

const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && /\.(tsx?|json|css|html|svg|js)$/.test(file.name))
    .reduce((latest, file) => Math.max(latest, statSync(`${file.parentPath}/${file.name}`).mtimeMs), 0);
// the verifier and the checker are built into the page as they are
const changed = Math.max(...['server', 'engine', 'scenarios'].map((folder) => newest(root + folder)));

if (!existsSync(stamp) || statSync(stamp).mtimeMs < changed) {
  console.error('Building the page …');
  const { build } = await import('vite');
  await build({ configFile: `${root}server/web/vite.config.js` });
  for (const file of readdirSync(`${target}/assets`).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(`${target}/assets/${file}`, 'utf8');
    const [, found] = /(__vite-browser-external|\bfrom ?["']node:\w+)/.exec(text) ?? [];
    if (found !== undefined) {
      console.error(`The page would ask a browser for a module of Node: ${file} has ${found}.`);
      process.exit(70);
    }
  }
  // sources of the engine's own threads, which vite copies although the code that starts them is left out
  for (const file of readdirSync(`${target}/assets`).filter((name) => name.endsWith('.ts')))
    rmSync(`${target}/assets/${file}`);
  // what the page needs where there is no network; the coast and the verifier are fetched when they are wanted
  const kept = readdirSync(`${target}/assets`).filter((name) => !/^(land|worker)-/.test(name));
  const worker = readFileSync(`${target}/sw.js`, 'utf8');
  const list = JSON.stringify(kept.sort().map((name) => `/assets/${name}`));
  writeFileSync(`${target}/sw.js`, worker.replace('const ASSETS = [];', `const ASSETS = ${list};`));
  // what is bundled comes with its licences
  const bundled = [...['preact', 'topojson-client', 'world-atlas', '@noble/ed25519', '@noble/hashes']];
  const licences = bundled.map((name) => {
    const file = readdirSync(`${root}node_modules/${name}`).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no file with its licence`);
    return `${name}\n\n${readFileSync(`${root}node_modules/${name}/${file}`, 'utf8').trim()}\n`;
  });
  writeFileSync(`${target}/licences.txt`, licences.join('\n---\n\n'));
  writeFileSync(stamp, '');
}
