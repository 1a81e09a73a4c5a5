// app:// hands out the built window's files and nothing else, whatever is written in the address (S24, S25).
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, answer, fileAt, isOwnBlob } from '../../main/desktop-parts/app-scheme.ts';
import { WINDOW_HEADERS } from '../../main/window-files.ts';
import { temporaryFolder } from '../temporary.ts';

const SECRET = 'of somebody else';

/** A built window, and beside it what nobody may read through it. */
function builtWindow(): string {
  const folder = temporaryFolder();
  const root = join(folder, 'renderer');
  mkdirSync(join(root, 'store'), { recursive: true });
  mkdirSync(join(root, 'assets'));
  mkdirSync(join(folder, 'renderer-of-others'));
  writeFileSync(join(root, 'store/index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets/store-a_1-Z.js'), 'let a;');
  writeFileSync(join(root, '.hidden'), SECRET);
  writeFileSync(join(folder, 'secret'), SECRET);
  writeFileSync(join(folder, 'renderer-of-others/secret'), SECRET);
  symlinkSync(join(folder, 'secret'), join(root, 'assets/link.js'));
  symlinkSync(folder, join(root, 'assets/up'));
  symlinkSync(join(root, 'assets/store-a_1-Z.js'), join(root, 'assets/inside.js'));
  return root;
}

test.each([
  ['app://store/', 'store/index.html'],
  ['app://store/?x#needs', 'store/index.html'],
  ['app://store/store/', 'store/index.html'],
  ['app://store/store/index.html', 'store/index.html'],
  ['app://store/assets/store-a_1-Z.js', 'assets/store-a_1-Z.js'],
  ['app://store/assets/../store/index.html', 'store/index.html'],
  ['app://store/assets/inside.js', 'assets/inside.js'],
])('%s is %s', (address, file) => {
  const root = builtWindow();
  expect(fileAt(root, address)).toBe(join(root, file));
});

test.each([
  ['a file above', 'app://store/../secret'],
  ['encoded dots', 'app://store/%2e%2e/secret'],
  ['encoded dots, in capitals', 'app://store/assets/%2E%2E/%2E%2E/secret'],
  ['an encoded slash', 'app://store/..%2fsecret'],
  ['encoded twice', 'app://store/%252e%252e%252fsecret'],
  ['backslashes', 'app://store/..\\secret'],
  ['encoded backslashes', 'app://store/..%5csecret'],
  ['a neighbour of the same beginning', 'app://store/../renderer-of-others/secret'],
  ['an absolute path', 'app://store//etc/passwd'],
  ['a drive', 'app://store/C:/Windows/win.ini'],
  ['a stream of Windows', 'app://store/store/index.html::$DATA'],
  ['a zero', 'app://store/store/index.html%00'],
  ['a hidden file', 'app://store/.hidden'],
  ['a link to outside', 'app://store/assets/link.js'],
  ['a folder behind a link', 'app://store/assets/up/secret'],
  ['a folder', 'app://store/assets'],
  ['nothing there', 'app://store/assets/none.js'],
  ['another host', 'app://hq/store/index.html'],
  ['a host that looks like ours', 'app://store.example/store/index.html'],
  ['a user', 'app://user@store/store/index.html'],
  ['a port', 'app://store:1/store/index.html'],
  ['another scheme', 'file:///etc/passwd'],
  ['the web', 'https://store/store/index.html'],
  ['no address', '/store/index.html'],
])('%s is nothing', (_what, address) => {
  expect(fileAt(builtWindow(), address)).toBeNull();
});

test('whatever is written: a file of the window or nothing', () => {
  const root = builtWindow();
  const piece = fc.constantFrom('..', '.', '%2e', '%2E', '/', '%2f', '\\', '%5c', 'assets', 'up', 'secret', '%00', '~');
  const any = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(any, (path) => {
      const file = fileAt(root, `app://store/${path}`);
      expect([null, join(root, 'store/index.html')]).toContain(file);
    }),
    { numRuns: 2_000 },
  );
});

test('is answered with the same headers as over HTTP, also where there is nothing', async () => {
  const root = builtWindow();
  const found = await answer(root, { method: 'GET', url: 'app://store/' });
  expect({ status: found.status, type: found.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
  });
  expect(await found.text()).toBe('<!doctype html>');
  const absent = await answer(root, { method: 'GET', url: 'app://store/../secret' });
  expect({ status: absent.status, body: await absent.text() }).toEqual({ status: 404, body: '' });
  for (const [name, value] of Object.entries(WINDOW_HEADERS)) {
    expect([found.headers.get(name), absent.headers.get(name)]).toEqual([value, value]);
  }
  expect((await answer(root, { method: 'POST', url: 'app://store/' })).status).toBe(404);
});

test('no script but our own, no frame, no form', () => {
  const policy = WINDOW_HEADERS['content-security-policy'];
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toMatch(/unsafe|\*|https?:|script-src[^;]*data:/);
});

test('a room is a fragment; only pages of ours make what is saved', () => {
  expect([addressOf(), addressOf('needs')]).toEqual(['app://store/', 'app://store/#needs']);
  expect(isOwnBlob('blob:app://store/5a0c')).toBe(true);
  for (const url of ['blob:https://store/1', 'blob:app://store.example/1', 'app://store/', 'data:text/plain,x']) {
    expect(isOwnBlob(url)).toBe(false);
  }
});
