// Builds the page into dist/server/web. TSX is vite's own.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The verifier reads with zod's schemas and makes no JSON Schema of them, which is a quarter of zod: that much is left out. */
const noJsonSchema = {
  name: 'no-json-schema',
  transform(code, id) {
    if (!/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/.test(id)) return null;
    const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
    return [
      'const absent = () => () => { throw new Error("no JSON Schema in a browser"); };',
      `export { ${names.map((name) => `absent as ${name}`).join(', ')}, absent as process };`,
    ].join('\n');
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  // what the verifier shares with the server names modules of Node that tree shaking leaves out; page.mjs makes sure
  logLevel: 'error',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    plugins: () => [noJsonSchema],
    rolldownOptions: {
      treeshake: { moduleSideEffects: false },
      // by their names page.mjs and the tests know what belongs to the verifier
      output: { chunkFileNames: 'assets/worker-[name]-[hash].js' },
    },
  },
  build: {
    outDir: fileURLToPath(new URL('../../dist/server/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // everything by its own address: the policy of the page allows no other origin and no inline script or style
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    // what is wanted together comes together: fewer requests, and one dictionary to pack it with
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'ui',
              test: /web\/shared\/(access|api|faults|load|plans|report|route|scenario|table|text|theme|ui)\./,
            },
            { name: 'map', test: /web\/map\/(cells|draw|frame|ground|map|panel)\./ },
            { name: 'laid', test: /web\/shared\/(plan|plandata|poorest)\./ },
            {
              name: 'beside',
              test: /web\/(charts\/(dumbbell|lorenz|scatter)|map\/difference|views\/(compare|frontier))\./,
            },
            { name: 'reported', test: /web\/(views\/(changed|reports?)|map\/reports)\./ },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
});
