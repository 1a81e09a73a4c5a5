// The real desktop program: what a fake Electron cannot tell. Run where the Electron program is (see docs/desktop.md).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readIdentity } from '../../main/data-folder.ts';
import { type AgentHandle, makeWorld, type World } from '../e2e/world.ts';
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';
import { needElectron } from './binary.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const executablePath = needElectron();
/** A CI machine has no sandbox helper of its own; the page's sandbox is asked for by the page itself below. */
const CI_WORDS = process.platform === 'linux' && process.env['CI'] !== undefined ? ['--no-sandbox'] : [];

describe.skipIf(executablePath === null)('the live desktop program', () => {
  let world: World;
  let service: AgentHandle;
  const running = new Set<ElectronApplication>();

  beforeAll(async () => {
    world = await makeWorld('embedded');
    service = await world.agent('S001');
  });
  afterEach(async () => {
    for (const app of running) await app.close();
    running.clear();
  });
  afterAll(() => world.stop());

  async function launch(words: string[], userData = temporaryFolder()): Promise<ElectronApplication> {
    const args = [ROOT, `--user-data-dir=${userData}`, ...CI_WORDS, ...words];
    const app = await _electron.launch({ executablePath: executablePath ?? '', args, cwd: ROOT });
    running.add(app);
    return app;
  }

  const attached = (): string[] => ['--data', service.folder];
  const headline = (page: Page) => page.getByRole('heading', { level: 1 });
  const sent = (page: Page) => headline(page).filter({ hasText: /^(All sent|Ready)/ });

  test('attaches to the running service and shows its state over a message port', async () => {
    const page = await (await launch(attached())).firstWindow();
    await sent(page).waitFor();
    expect(page.url()).toBe('app://store/');
    expect(await page.evaluate(() => typeof (globalThis as { desktop?: unknown }).desktop)).toBe('object');
  });

  test('runs the agent itself where there is no service, with a sealed or a private key', async () => {
    const userData = temporaryFolder();
    const broker = `mqtt://127.0.0.1:${world.brokerPort}`;
    const words = ['--store', 'S002', '--broker', broker, '--port', '0', '--window-file', '/none'];
    const page = await (await launch(words, userData)).firstWindow();
    await sent(page).waitFor();
    const folder = join(userData, 'store');
    expect(readIdentity(folder)?.store).toBe('S002');
    expect(existsSync(join(folder, 'device.key')) || existsSync(join(folder, 'device.key.sealed'))).toBe(true);
  });

  test('the page reaches neither Node nor Electron, and says nothing that is not in its policy', async () => {
    const page = await (await launch(attached())).firstWindow();
    const reach = await page.evaluate(() => {
      const world = globalThis as Record<string, unknown>;
      return ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in world);
    });
    expect(reach).toEqual([]);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      return 'injected' in globalThis;
    });
    expect(ran).toBe(false);
    expect(
      await page.evaluate(() =>
        fetch('https://example.org/')
          .then(() => true)
          .catch(() => false),
      ),
    ).toBe(false);
  });

  test('no way out: navigation, windows and permissions', async () => {
    const app = await launch(attached());
    const page = await app.firstWindow();
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    await page.evaluate(() => void window.open('https://example.org/'));
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(page.url()).toBe('app://store/');
    expect(app.windows()).toHaveLength(1);
  });

  test('files outside the window are not to be had', async () => {
    const page = await (await launch(attached())).firstWindow();
    for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/desktop/main.js']) {
      expect(await page.evaluate((wanted) => fetch(wanted).then(({ status }) => status), path)).toBe(404);
    }
  });

  test('a service that is killed and started again: the window tells it and comes back by itself', async () => {
    const page = await (await launch(attached())).firstWindow();
    await sent(page).waitFor();
    await service.kill();
    await sent(page).waitFor({ state: 'detached' });
    await service.start();
    await sent(page).waitFor();
  });

  test('the background process that is killed is started again, and the window gets a new port', async () => {
    const app = await launch(attached());
    const page = await app.firstWindow();
    await sent(page).waitFor();
    const pid = await app.evaluate(({ app: self }) => {
      const found = self.getAppMetrics().find(({ name }) => name === 'Tillwire agent');
      return found?.pid ?? 0;
    });
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await sent(page).count()) === 1, 'the window is back');
  });

  test('there is one instance: a second one ends', async () => {
    const userData = temporaryFolder();
    await (await launch(attached(), userData)).firstWindow();
    const second = await launch(attached(), userData).catch(() => null);
    if (second !== null) await eventually(() => second.process().exitCode !== null, 'the second one ends');
  });

  test('a file that is no memory of a window does no harm, and the place is remembered', async () => {
    const userData = temporaryFolder();
    writeFileSync(join(userData, 'desktop.json'), '{"window":');
    const app = await launch(attached(), userData);
    await app.firstWindow();
    await app.close();
    running.delete(app);
    expect(JSON.parse(readFileSync(join(userData, 'desktop.json'), 'utf8'))).toHaveProperty('window.width');
  });

  test('quitting ends the background process too', async () => {
    const app = await launch(attached());
    const page = await app.firstWindow();
    await sent(page).waitFor();
    const child = app.process();
    onTestFinished(() => void child.kill('SIGKILL'));
    await app.evaluate(({ app: self }) => self.quit());
    running.delete(app);
    await eventually(() => child.exitCode === 0, 'the program has ended');
  });
});
