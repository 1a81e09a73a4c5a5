// What differs between a program run from source and its bundle: where workers and window lie, what stays at home.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Folder in dist/ of what several programs share, or load only when it is called for. */
export const PROGRAM_PARTS = 'parts';

/** Relative addresses in the source, and where the same thing lies in dist/. */
const PLACES: Record<string, string> = {
  './storage-worker.ts': 'storage-worker.js',
  './link-worker.ts': 'link-worker.js',
  './check-worker.ts': 'check-worker.js',
  '../dist/renderer/': 'renderer/',
};
const OWN_ADDRESS = /new URL\(\s*(["'])([^"']+)\1,\s*import\.meta\.url\s*\)/g;
const HEAD_OFFICE = /^\.\/commands\/(central|broker|prepare)\.ts$/;
const inPrograms = ({ name }: { name: string }): boolean => name === 'programs';

/** `new URL('./storage-worker.ts', import.meta.url)` works from source as it stands, and bundled by this. */
export function programPlaces(): Plugin {
  return {
    name: 'program-places',
    applyToEnvironment: inPrograms,
    renderChunk(code, { fileName }) {
      return code.replace(OWN_ADDRESS, (_found, _quote, address: string) => {
        const place = PLACES[address];
        if (place === undefined)
          throw new Error(`${fileName} asks for ${address}: say in ${import.meta.filename} where`);
        const way = posix.relative(posix.dirname(fileName), place) + (place.endsWith('/') ? '/' : '');
        return `new URL("${way.startsWith('.') ? way : `./${way}`}", import.meta.url)`;
      });
    },
  };
}

/** Central and broker need PostgreSQL's and other parts that no store has: their commands say so in a sentence. */
export function withoutHeadOffice(): Plugin {
  const instead = resolve(import.meta.dirname, '../main/commands/not-in-a-store.ts');
  return {
    name: 'without-head-office',
    enforce: 'pre',
    applyToEnvironment: inPrograms,
    resolveId: (source) => (HEAD_OFFICE.test(source) ? instead : null),
  };
}

/** Of package.json a program needs to know its version; the rest is nobody's business in a store. */
export function onlyVersion(packageFile: string): Plugin {
  return {
    name: 'only-version',
    applyToEnvironment: ({ config }) => config.consumer === 'server',
    load(id) {
      if (id !== packageFile) return null;
      const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
      return JSON.stringify({ version });
    },
  };
}

/** Parts of an older build must not be packed with the new ones. */
export function withoutOldParts(dist: string): Plugin {
  return {
    name: 'without-old-parts',
    applyToEnvironment: inPrograms,
    buildStart: () => rmSync(resolve(dist, PROGRAM_PARTS), { recursive: true, force: true }),
  };
}

/** The desktop program looks for its pictures beside itself, all in one folder. */
export function withIcons(sources: string[], target: string): Plugin {
  return {
    name: 'with-icons',
    applyToEnvironment: ({ name }) => name === 'shell',
    buildStart() {
      rmSync(target, { recursive: true, force: true });
      for (const source of sources) cpSync(source, target, { recursive: true });
    },
  };
}
