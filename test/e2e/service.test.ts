// The service on Linux, installed for real below a folder of its own, then run as its unit says, killed and come back.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket as Socket } from 'ws';
import { readWindowFile, type WindowFile } from '../../main/window-file.ts';
import { Snapshot, type windowContract } from '../../protocol/local/window.ts';
import { needProgram } from '../needs.ts';
import { freePort } from '../net.ts';
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';
import { buildAll, captureOneSale, needNodeRuntimes, packStub, run } from './packed.ts';

const canPack = process.platform === 'linux' && needNodeRuntimes('linux');
const analyze = canPack ? needProgram('systemd-analyze', { packageName: 'systemd' }) : null;
/** systemd 254 knows them; older ones pass over them and wait the same time always. */
const NEWER_KEYS = /Unknown key '(RestartSteps|RestartMaxDelaySec)'/;
const BROKER = 'mqtt://127.0.0.1:1';
const UNIT = 'etc/systemd/system/tillwire.service';

describe.skipIf(!canPack)('the service on Linux', () => {
  let packages = '';
  let resources = '';

  beforeAll(async () => {
    await buildAll();
    packages = mkdtempSync(join(tmpdir(), 'tillwire-service-'));
    resources = join(await packStub('linux', packages), 'resources');
  });
  afterAll(() => rmSync(packages, { recursive: true, force: true }));

  const install = (root: string, ...args: string[]) =>
    run(join(resources, 'install/install.sh'), '--root', root, ...args);
  const uninstall = (root: string) => run(join(root, 'opt/Tillwire/resources/install/uninstall.sh'), '--root', root);
  const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

  /** Path, mode and content of all that lies below; Node itself by its size. */
  function state(root: string): string[] {
    const lines = globSync('**/*', { cwd: root }).map((path) => {
      const stat = statSync(join(root, path));
      if (!stat.isFile()) return `${path} ${stat.mode}`;
      const isLarge = path.endsWith('/node/node');
      const content = isLarge
        ? stat.size
        : createHash('sha256')
            .update(readFileSync(join(root, path)))
            .digest('hex');
      return `${path} ${stat.mode} ${content}`;
    });
    return lines.sort();
  }

  test('puts everything in place, and a second time changes nothing', async () => {
    const root = temporaryFolder();
    const said = await install(root, '--store', 'S001', '--broker', BROKER);
    expect(said).toMatchObject({ code: 0, err: '' });
    const modes = ['var/lib/tillwire', 'var/lib/tillwire/enrolment.json', UNIT, 'usr/local/bin/tillwire'].map((path) =>
      modeOf(join(root, path)),
    );
    expect(modes).toEqual(['700', '600', '644', '755']);
    const program = globSync('opt/Tillwire/**/*', { cwd: root }).map((path) => join(root, path));
    expect(program.filter((path) => (statSync(path).mode & 0o022) !== 0)).toEqual([]);
    const before = state(root);
    expect(before.length).toBeGreaterThan(50);
    expect(await install(root, '--store', 'S001', '--broker', BROKER)).toMatchObject({ code: 0 });
    expect(state(root)).toEqual(before);
  });

  test('takes enrolment and settings from beside the package, and leaves a store that is set up as it is', async () => {
    const [root, beside] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(beside, 'tillwire-enrolment.json'), JSON.stringify({ store: 'S002', broker: BROKER }));
    writeFileSync(join(beside, 'tillwire-settings.json'), '{"silentTillMinutes": 30}');
    expect(await install(root, '--from', beside)).toMatchObject({ code: 0 });
    const data = join(root, 'var/lib/tillwire');
    expect(JSON.parse(readFileSync(join(data, 'enrolment.json'), 'utf8'))).toEqual({ store: 'S002', broker: BROKER });
    expect(readFileSync(join(data, 'settings.json'), 'utf8')).toBe('{"silentTillMinutes": 30}');
    writeFileSync(join(data, 'identity.json'), '{}');
    const said = await install(root, '--store', 'S003', '--broker', BROKER);
    expect(said.out).toContain('belongs to a store already');
    expect(readFileSync(join(data, 'enrolment.json'), 'utf8')).toContain('S002');
  });

  test('a second copy is writable for the service and no reason not to start', async () => {
    const root = temporaryFolder();
    expect(await install(root, '--mirror', '/media/second/tillwire')).toMatchObject({ code: 0 });
    const drop = readFileSync(join(root, 'etc/systemd/system/tillwire.service.d/mirror.conf'), 'utf8');
    expect(drop).toContain('ReadWritePaths=-/media/second/tillwire\n');
    expect(drop).toContain('Environment="TILLWIRE_MIRROR=--mirror /media/second/tillwire"\n');
    expect(modeOf(join(root, 'media/second/tillwire'))).toBe('700');
  });

  test.each([
    [['--colour'], 'Not installed: "--colour" is not known. ./install.sh --help names what is.'],
    [['--store'], 'Not installed: --store needs a value. ./install.sh --help names them.'],
    [['--store', 'S001'], 'Not installed: --store and --broker go together.'],
    [['--store', 'S 1', '--broker', BROKER], 'Not installed: store "S 1": use letters, digits, _ and - only.'],
    [['--store', 'S1', '--broker', 'http://x'], 'Not installed: broker "http://x": begin with mqtt:// or mqtts://.'],
    [['--mirror', 'second'], 'Not installed: --mirror needs a whole path, for example /media/second/tillwire.'],
    [['--prefix', '/opt/a b'], 'Not installed: --prefix may hold letters, digits and . _ - only.'],
    [['--root', '/nowhere'], 'Not installed: the folder /nowhere of --root does not exist.'],
  ])('refuses %j in a sentence, before anything is touched', async (args, sentence) => {
    const root = temporaryFolder();
    expect(await install(root, ...args)).toEqual({ code: 1, out: '', err: `${sentence}\n` });
    expect(globSync('**/*', { cwd: root })).toEqual([]);
  });

  test('refuses a package that is not whole, and a data folder that is no folder', async () => {
    const [broken, root] = [temporaryFolder(), temporaryFolder()];
    cpSync(join(resources, 'install'), join(broken, 'install'), { recursive: true });
    const said = await run(join(broken, 'install/install.sh'), '--root', root);
    expect(said).toMatchObject({ code: 1 });
    expect(said.err).toBe(
      'Not installed: this folder is not whole, agent/tillwire.js is missing. Unpack the package again.\n',
    );
    mkdirSync(join(root, 'var/lib'), { recursive: true });
    writeFileSync(join(root, 'var/lib/tillwire'), '');
    expect((await install(root)).err).toMatch(/is not a folder\. Look at what it is before installing\.\n$/);
  });

  test.skipIf(analyze === null)('systemd finds nothing wrong with the unit, and calls it locked down', async () => {
    const root = temporaryFolder();
    await install(root);
    const unit = join(temporaryFolder(), 'tillwire.service');
    writeFileSync(unit, readFileSync(join(root, UNIT), 'utf8').replaceAll('/opt/', `${root}/opt/`));
    const { err } = await run(analyze ?? '', 'verify', '--man=no', unit);
    const complaints = err.split('\n').filter((line) => line.includes('tillwire.service') && !NEWER_KEYS.test(line));
    expect(complaints).toEqual([]);
    const security = await run(analyze ?? '', 'security', '--offline=true', '--threshold=30', '--no-pager', unit);
    expect(security).toMatchObject({ code: 0 });
  });

  test('a window finds the agent by its file, and again after the agent was killed', async () => {
    const root = temporaryFolder();
    await install(root, '--store', 'S001', '--broker', BROKER);
    const data = join(root, 'var/lib/tillwire');
    const windowFile = join(root, 'run/tillwire/window.json');
    superviseUnit(root, await freePort());
    const first = await fileOfNewAgent(windowFile, null);
    expect(modeOf(windowFile)).toBe('640');
    expect(Object.keys(first).sort()).toEqual(['pid', 'store', 'url', 'windowToken']);
    await captureOneSale(first.url, data);
    const window = await attach(first);
    expect(await window.next()).toMatchObject({ store: 'S001', captured: 1 });

    process.kill(first.pid, 'SIGKILL');
    await window.ended;
    const second = await fileOfNewAgent(windowFile, first.pid);
    expect(second).toMatchObject({ url: first.url, windowToken: first.windowToken, store: 'S001' });
    const again = await attach(second);
    expect(await again.next()).toMatchObject({ store: 'S001', captured: 1 });
  });

  test('a stranger to the group gets no window: the token is asked for', async () => {
    const root = temporaryFolder();
    await install(root, '--store', 'S001', '--broker', BROKER);
    superviseUnit(root, await freePort());
    const file = await fileOfNewAgent(join(root, 'run/tillwire/window.json'), null);
    await expect(attach({ ...file, windowToken: 'guessed' })).rejects.toThrow('401');
  });

  test('goes without a trace, but for the data folder, and says when that must be kept', async () => {
    const root = temporaryFolder();
    await install(root, '--store', 'S001', '--broker', BROKER, '--mirror', '/media/second');
    const empty = await uninstall(root);
    expect(empty).toMatchObject({ code: 0, err: '' });
    expect(empty.out).toContain('nothing would be lost by wiping this machine');
    const left = globSync('**/*', { cwd: root }).filter((path) => statSync(join(root, path)).isFile());
    expect(left).toEqual(['var/lib/tillwire/enrolment.json']);

    await install(root);
    superviseUnit(root, await freePort());
    const file = await fileOfNewAgent(join(root, 'run/tillwire/window.json'), null);
    await captureOneSale(file.url, join(root, 'var/lib/tillwire'));
    const said = await uninstall(root);
    expect(said.code).toBe(0);
    expect(said.out).toContain('NOT SAFE TO WIPE');
    expect(statSync(join(root, 'var/lib/tillwire/journal.db')).size).toBeGreaterThan(0);
  });
});

/** Runs the unit's own command line below `root`, and starts it again whenever it ends, as systemd would. */
function superviseUnit(root: string, port: number): void {
  const unit = readFileSync(join(root, UNIT), 'utf8');
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
  const words = line.replace(/\$\{TILLWIRE_PORT\}/, String(port)).split(' ');
  const [command = '', ...args] = words
    .filter((word) => !word.startsWith('$'))
    .map((word) => word.replace(/^\/(opt|var|run)\//, `${root}/$1/`));
  let isOver = false;
  const start = () => {
    const child = spawn(command, args, { stdio: 'ignore', cwd: '/' });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    void ended.then(() => (isOver ? undefined : setTimeout(next, 100)));
    return { child, ended };
  };
  let running = start();
  const next = (): void => {
    if (!isOver) running = start();
  };
  onTestFinished(async () => {
    isOver = true;
    running.child.kill('SIGKILL');
    await running.ended;
  });
}

async function fileOfNewAgent(path: string, oldPid: number | null): Promise<WindowFile> {
  let found: WindowFile | null = null;
  await eventually(
    () => {
      found = readWindowFile(path);
      return found !== null && found.pid !== oldPid;
    },
    `an agent wrote ${path}`,
    30_000,
  );
  if (found === null) throw new Error('unreachable');
  return found;
}

type Attached = { next(): Promise<Snapshot>; ended: Promise<void> };

/** As a page in a browser: WebSocket from the agent's own origin, the token among the protocols. */
async function attach({ url, windowToken }: WindowFile): Promise<Attached> {
  const socket = new Socket(`${url.replace('http', 'ws')}/rpc`, ['tillwire', `token.${windowToken}`], { origin: url });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  onTestFinished(() => socket.terminate());
  const link = new RPCLink({ websocket: socket as unknown as WebSocket });
  const client = createORPCClient<ContractRouterClient<typeof windowContract>>(link);
  const states = await client.watch();
  return {
    ended,
    async next() {
      return Snapshot.parse((await states.next()).value);
    },
  };
}
