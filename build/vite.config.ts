// Bundles the store window (dist/renderer), the desktop program (dist/desktop) and the store's programs for Node.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type EnvironmentOptions } from 'vite';
import { onlyVersion, PROGRAM_PARTS, programPlaces, withoutHeadOffice, withoutOldParts } from './program-places.ts';

const at = (path: string): string => resolve(import.meta.dirname, '..', path);
/** What Electron 45 embeds; the service's own Node is newer. */
const NODE_TARGET = 'node24';
/** Electron exists only at run time; better-sqlite3 is native and lies beside the program. */
const EXTERNAL = ['electron', 'better-sqlite3'];

function nodeBundle(input: Record<string, string>, format: 'es' | 'cjs'): EnvironmentOptions {
  const ending = format === 'cjs' ? 'cjs' : 'js';
  const built = Object.entries(input).map(([name, source]) => [name, at(source)] as const);
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: EXTERNAL, conditions: ['node'] },
    build: {
      outDir: '../dist',
      emptyOutDir: false,
      target: NODE_TARGET,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(built.filter(([, source]) => existsSync(source))),
        platform: 'node',
        external: EXTERNAL,
        output: {
          format,
          entryFileNames: `[name].${ending}`,
          chunkFileNames: `${PROGRAM_PARTS}/[name].${ending}`,
        },
      },
    },
  };
}

export default defineConfig({
  root: 'renderer',
  base: './',
  builder: {},
  plugins: [withoutHeadOffice(), programPlaces(), onlyVersion(at('package.json')), withoutOldParts(at('dist'))],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  environments: {
    client: {
      build: {
        outDir: '../dist/renderer',
        emptyOutDir: true,
        target: 'chrome150',
        rolldownOptions: { input: { store: 'renderer/store/index.html' } },
      },
    },
    programs: nodeBundle(
      {
        tillwire: 'main/tillwire.ts',
        'storage-worker': 'storage/storage-worker.ts',
        'link-worker': 'sync/link-worker.ts',
        'desktop/agent-process': 'main/desktop/agent-process.ts',
      },
      'es',
    ),
    ...(existsSync(at('main/desktop/main.ts'))
      ? {
          shell: nodeBundle({ 'desktop/main': 'main/desktop/main.ts' }, 'es'),
          preload: nodeBundle({ 'desktop/preload': 'main/desktop/preload.ts' }, 'cjs'),
        }
      : {}),
  },
});
