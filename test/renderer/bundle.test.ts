// What the page has to fetch before it shows anything: no schemas, no chart.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseAst } from 'vite';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

type Imported = { specifier: string; isType: boolean };

/** Static imports and re-exports; dynamic ones are fetched later. */
function importsOf(file: string): Imported[] {
  const program = parseAst(readFileSync(file, 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' });
  return program.body.flatMap((node) => {
    if (!('source' in node) || node.source === null) return [];
    const kind = 'importKind' in node ? node.importKind : 'exportKind' in node ? node.exportKind : 'value';
    const parts = 'specifiers' in node ? node.specifiers : [];
    const onlyTypes = parts.length > 0 && parts.every((part) => 'importKind' in part && part.importKind === 'type');
    return [{ specifier: String(node.source.value), isType: kind === 'type' || onlyTypes }];
  });
}

/** Packages that a page fetches at once, each with the file that asks for it first. */
function packagesBehind(entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { specifier, isType } of importsOf(file)) {
      if (isType || specifier.endsWith('.css')) continue;
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier));
      else if (!packages.has(specifier)) packages.set(specifier, file.slice(root.length + 1));
    }
  };
  visit(join(root, entry));
  return packages;
}

const PAGES = ['renderer/store/app.tsx', 'renderer/hq/app.tsx'];

test.each(PAGES)('%s fetches no schemas and no chart before it shows its first sentence', (page) => {
  const packages = packagesBehind(page);
  expect([...packages.keys()]).toContain('preact');
  expect([...packages].filter(([name]) => /^(zod|uplot$|@orpc\/(contract|server))/.test(name))).toEqual([]);
});
