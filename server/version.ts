import { createRequire } from 'node:module';

/** The version of this package; it names itself, wherever the compiled file lies. */
export const { version } = createRequire(import.meta.url)('evenhand/package.json') as { version: string }; // our own file
