// Bundles the store window (dist/renderer), the desktop program (dist/desktop), the store's programs for Node, and head
// office's page (dist/hq).
import { resolve } from 'node:path';
import { defineConfig, type EnvironmentOptions } from 'vite';
import {
  onlyVersion,
  PROGRAM_PARTS,
  programPlaces,
  withIcons,
  withoutHeadOffice,
  withoutOldParts,
} from './program-places.ts';

const at = (path: string): string => resolve(import.meta.dirname, '..', path);
/** What Electron 45 embeds; the service's own Node is newer. */
const NODE_TARGET = 'node24';
/** Electron exists only at run time; better-sqlite3 is native and lies beside the program. */
const EXTERNAL = ['electron', 'better-sqlite3'];

/** `input`: names in dist/, and their sources. A single one becomes one file, whatever it imports. */
function nodeBundle(input: Record<string, string>, format: 'es' | 'cjs' = 'es'): EnvironmentOptions {
  const ending = format === 'cjs' ? 'cjs' : 'js';
  const sources = Object.entries(input).map(([name, source]) => [name, at(source)] as const);
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: EXTERNAL, conditions: ['node'] },
    build: {
      outDir: '../dist',
      emptyOutDir: false,
      target: NODE_TARGET,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(sources),
        platform: 'node',
        external: EXTERNAL,
        output: {
          format,
          entryFileNames: `[name].${ending}`,
          chunkFileNames: `${PROGRAM_PARTS}/[name].${ending}`,
          ...(sources.length === 1 ? { codeSplitting: false } : {}),
        },
      },
    },
  };
}

export default defineConfig({
  root: 'renderer',
  base: './',
  builder: {},
  plugins: [
    withoutHeadOffice(),
    programPlaces(),
    onlyVersion(at('package.json')),
    withoutOldParts(at('dist')),
    withIcons([at('build/icons/app'), at('build/icons/tray')], at('dist/desktop/icons')),
  ],
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
    // Served by central; no part of what is installed in a store.
    hq: {
      consumer: 'client',
      build: {
        outDir: '../dist/hq',
        emptyOutDir: true,
        target: 'chrome150',
        rolldownOptions: { input: { hq: 'renderer/hq/index.html' } },
      },
    },
    programs: nodeBundle({
      tillwire: 'main/tillwire.ts',
      'storage-worker': 'storage/storage-worker.ts',
      'link-worker': 'sync/link-worker.ts',
      'desktop/agent-process': 'main/desktop/agent-process.ts',
    }),
    guard: nodeBundle({ guard: 'main/update/guard/guard.ts' }),
    shell: nodeBundle({ 'desktop/main': 'main/desktop/main.ts' }),
    preload: nodeBundle({ 'desktop/preload': 'main/desktop/preload.ts' }, 'cjs'),
  },
});
