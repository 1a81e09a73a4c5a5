// The packages for Linux and Windows, made from a stub Electron: what is in them, and that the service in them runs.
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODE_VERSION } from '../../build/node-runtime.ts';
import { checkOwnFiles } from '../../main/desktop-parts/own-files.ts';
import product from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../temporary.ts';
import { buildAll, captureOneSale, needNodeRuntimes, packStub, run, startAgentOf } from './packed.ts';

const canPack = needNodeRuntimes('linux', 'win');
const OFF = '0'.charCodeAt(0);
const ON = '1'.charCodeAt(0);
const X64_ELF = 0x3e;
const X64_PE = 0x8664;

const filesIn = (folder: string): string[] =>
  globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile());

/** Which processor and system a native file is for. */
function kindOf(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.subarray(1, 4).toString('latin1') === 'ELF') {
    return bytes.readUInt16LE(18) === X64_ELF ? 'linux x64' : 'linux other';
  }
  if (bytes.subarray(0, 2).toString('latin1') !== 'MZ') return 'no program';
  return bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4) === X64_PE ? 'win x64' : 'win other';
}

const cases = [
  { platform: 'linux', program: 'tillwire-window', node: 'node/node', native: 'linux-x64.node' },
  { platform: 'win', program: 'Tillwire.exe', node: 'node/node.exe', native: 'win32-x64.node' },
] as const;

beforeAll(async () => {
  if (canPack) await buildAll();
});

describe.skipIf(!canPack).each(cases)('the package for $platform', ({ platform, program, node, native }) => {
  let output = '';
  let unpacked = '';
  const resources = (path = ''): string => join(unpacked, 'resources', path);

  beforeAll(async () => {
    output = mkdtempSync(join(tmpdir(), 'tillwire-packages-'));
    unpacked = await packStub(platform, output);
  });
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  test('the asar holds the window and two scripts, nothing else', () => {
    const archive = resources('app.asar');
    const files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
    const rest = files.filter(
      (path) => !/^\/dist\/(renderer(\/(store|assets)(\/[\w.-]+)?)?|desktop\/icons\/[\w@-]+\.png)$/.test(path),
    );
    expect(files).toContain('/dist/desktop/icons/tray-good-16@2x.png');
    expect(rest.sort()).toEqual([
      ...[
        '/dist',
        '/dist/desktop',
        '/dist/desktop/icons',
        '/dist/desktop/main.js',
        '/dist/desktop/preload.cjs',
        '/package.json',
      ],
    ]);
    expect(files.filter((path) => /\.(tsx?|map)$/.test(path))).toEqual([]);
    const packed = JSON.parse(extractFile(archive, 'package.json').toString());
    expect(packed).toMatchObject({ name: 'tillwire', version: product.version, main: 'dist/desktop/main.js' });
    for (const field of ['dependencies', 'devDependencies', 'scripts', 'allowScripts']) {
      expect(packed[field] ?? null).toBeNull();
    }
  });

  test('the service lies beside it, with one package and no head office', () => {
    const files = filesIn(resources('agent')).map((path) => path.replaceAll('\\', '/'));
    const kinds = new Set(
      files.map((path) =>
        path
          .split('/')
          .slice(0, path.includes('/') ? 1 : 2)
          .join('/'),
      ),
    );
    expect([...kinds].sort()).toEqual([
      ...[
        'desktop',
        'guard.js',
        'link-worker.js',
        'node_modules',
        'package.json',
        'parts',
        'renderer',
        'storage-worker.js',
      ],
      'tillwire.js',
    ]);
    expect(files.filter((path) => /\.(tsx?|map|cpp|h|gyp)$/.test(path))).toEqual([]);
    const packages = files.filter((path) => path.startsWith('node_modules/')).map((path) => path.split('/')[1]);
    expect([...new Set(packages)]).toEqual(['better-sqlite3']);
    const code = (path: string): string => readFileSync(resources(`agent/${path}`), 'utf8').replaceAll(/\/\/.*/g, '');
    const scripts = files.filter((path) => path.endsWith('.js'));
    expect(scripts.filter((path) => /pglite\.wasm|class Aedes|vitest/.test(code(path)))).toEqual([]);
  });

  test('one native module, the right one', () => {
    const modules = filesIn(unpacked).filter((path) => path.endsWith('.node'));
    expect(modules).toEqual([join('resources/agent/node_modules/better-sqlite3/prebuilds', native)]);
    expect(kindOf(join(unpacked, modules[0] ?? ''))).toBe(`${platform} x64`);
  });

  test('a Node of its own, for this system, in the pinned version', async () => {
    expect(kindOf(resources(node))).toBe(`${platform} x64`);
    const bytes = readFileSync(resources(node));
    expect(bytes.includes(`v${NODE_VERSION}`) || bytes.includes(Buffer.from(NODE_VERSION, 'utf16le'))).toBe(true);
    expect(product.devDependencies.node).toBe(NODE_VERSION);
    expect(readFileSync(resources('node/LICENSE'), 'utf8')).toContain('Node.js is licensed');
  });

  test('Electron is locked: fuses read back from the program (S27)', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, program));
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: OFF,
      [FuseV1Options.EnableCookieEncryption]: ON,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
      [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ON,
      [FuseV1Options.OnlyLoadAppFromAsar]: ON,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
    });
  });

  test('every file of ours has its checksum, and one changed byte is named', () => {
    const listed = Object.keys(JSON.parse(readFileSync(resources('hashes.json'), 'utf8')));
    const ours = filesIn(resources()).map((path) => path.replaceAll('\\', '/'));
    expect(listed.sort()).toEqual(ours.filter((path) => !/^(node\/|hashes\.json$|.*apparmor)/.test(path)).sort());
    expect(checkOwnFiles(resources())).toBeNull();
    const copy = join(temporaryFolder(), 'resources');
    cpSync(resources(), copy, { recursive: true, filter: (path) => !path.startsWith(resources('node')) });
    for (const file of ['app.asar', 'agent/tillwire.js', `agent/node_modules/better-sqlite3/prebuilds/${native}`]) {
      const before = readFileSync(join(copy, file));
      const after = Buffer.from(before);
      after[100] = (after[100] ?? 0) ^ 1;
      writeFileSync(join(copy, file), after);
      expect(checkOwnFiles(copy)).toContain(file);
      writeFileSync(join(copy, file), before);
    }
    expect(checkOwnFiles(copy)).toBeNull();
  });

  if (platform === 'win') {
    test('the program knows the checksum of its asar, and its name', () => {
      const exe = readFileSync(join(unpacked, program));
      const { headerString } = getRawHeader(resources('app.asar'));
      expect(exe.includes(createHash('sha256').update(headerString).digest('hex'))).toBe(true);
      expect(exe.includes(Buffer.from('Tillwire', 'utf16le'))).toBe(true);
    });
  }

  if (platform === process.platform) {
    test('the packed service captures a sale', async () => {
      const data = join(temporaryFolder(), 'data');
      const [own, agentProgram] = [resources(node), resources('agent/tillwire.js')];
      expect((await run(own, '--version')).out.trim()).toBe(`v${NODE_VERSION}`);
      const agent = await startAgentOf(own, agentProgram, data);
      await captureOneSale(agent.url, data);
      expect((await axios.get<string>(agent.url, { proxy: false })).data).toContain('<script');
      const status = await run(own, agentProgram, 'status', '--data', data, '--json');
      expect(JSON.parse(status.out)).toMatchObject({ store: 'S001', captured: 1, waiting: 1 });
    });
  }
});
