// The house rules that the linter can't see: layers by resolved path, pure files, size, first line.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const LAYERS: Record<string, string[]> = {
  core: ['core'],
  protocol: ['protocol', 'core'],
  capture: ['capture', 'protocol', 'core'],
  storage: ['storage', 'protocol', 'core'],
  sync: ['sync', 'protocol', 'core'],
  central: ['central', 'protocol', 'core'],
  renderer: ['renderer', 'protocol', 'core'],
};
const EFFECTS =
  /\b(Date\.now|new Date\(\)|Math\.random|globalThis|performance\.now|setTimeout|setInterval|await|async)\b/;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*/g;
const LINES_MAX = 300;
const SHELL_LINES_MAX = 300;

const folders = [...Object.keys(LAYERS), 'main', 'build', 'bench', 'test'];
const slashed = (path: string): string => path.replaceAll(sep, '/');
const found = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }));
const files = found.map(slashed).sort();
const source = (file: string): string => readFileSync(join(root, file), 'utf8');

const comments = (code: string): string => (code.match(COMMENT) ?? []).join('\n');

function importsOf(file: string): string[] {
  const program = parseAst(source(file), { lang: file.endsWith('x') ? 'tsx' : 'ts' });
  return program.body.flatMap((node) =>
    'source' in node && node.source !== null && typeof node.source.value === 'string' ? [node.source.value] : [],
  );
}

function breach(file: string, specifier: string): string | null {
  const [from = ''] = file.split('/');
  const allowed = LAYERS[from];
  if (allowed === undefined) return null;
  if (!specifier.startsWith('.')) {
    return from === 'core' ? `${file} imports ${specifier}: core imports nothing` : null;
  }
  const target = slashed(relative(root, resolve(root, dirname(file), specifier)));
  const [to = ''] = target.split('/');
  return allowed.includes(to) ? null : `${file} imports ${target}: ${from} may import ${allowed.join(', ')} only`;
}

describe('the house', () => {
  test('finds the source', () => expect(files.length).toBeGreaterThan(20));

  test('imports point one way', () => {
    expect(
      files.flatMap((file) =>
        importsOf(file)
          .map((name) => breach(file, name))
          .filter(Boolean),
      ),
    ).toEqual([]);
  });

  test('core and every machine are pure', () => {
    const pure = files.filter((file) => file.startsWith('core/') || /(session|machine)\.ts$/.test(file));
    const code = (file: string): string => source(file).replace(COMMENT, '');
    expect(pure.filter((file) => !file.startsWith('test/') && EFFECTS.test(code(file)))).toEqual([]);
  });

  test('numbers that comments cite are explained (docs/design.md, docs/rules.md)', () => {
    const pages = ['docs/design.md', 'docs/rules.md'].map(source).join('\n');
    const product = files.filter((file) => !/^(test|bench|build)\//.test(file));
    const cited = product.flatMap((file) => comments(source(file)).match(/\b[LDRFS]\d{1,2}\b/g) ?? []);
    expect(cited.length).toBeGreaterThan(50);
    expect([...new Set(cited)].filter((number) => !new RegExp(`\\b${number}\\b`).test(pages))).toEqual([]);
  });

  test(`the desktop program's shell, which only runs where Electron is, has at most ${SHELL_LINES_MAX} lines`, () => {
    const shell = files.filter((file) => file.startsWith('main/desktop/'));
    expect(shell.length).toBeGreaterThan(3);
    const lines = shell.map((file) => source(file).trimEnd().split('\n').length);
    expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(SHELL_LINES_MAX);
  });

  test(`a file has at most ${LINES_MAX} lines and says in its first one what it is for`, () => {
    const long = files.filter((file) => source(file).split('\n').length > LINES_MAX + 1);
    const silent = files.filter((file) => !source(file).startsWith('// '));
    expect({ long, silent }).toEqual({ long: [], silent: [] });
  });
});
