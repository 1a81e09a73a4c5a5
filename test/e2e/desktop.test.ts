// The desktop's background process beside a service that is killed, and killed itself while it runs the agent.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readEndpoint, readIdentity } from '../../main/data-folder.ts';
import type { SecretBox } from '../../main/desktop-parts/device-key.ts';
import { openKeptState } from '../../main/desktop-parts/kept-state.ts';
import type { Outside } from '../../main/desktop-parts/outside.ts';
import { openProgram } from '../../main/desktop-parts/program.ts';
import { startOptions } from '../../main/desktop-parts/start-options.ts';
import { writeWindowFile } from '../../main/window-file.ts';
import { windowEnd } from '../desktop/background-rig.ts';
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';
import { post } from './post.ts';
import { type AgentHandle, makeWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld('embedded');
});
afterAll(() => world.stop());

const BOX: SecretBox = {
  isSafe: async () => true,
  seal: async (text) => Buffer.from(text),
  open: async (sealed) => ({ text: Buffer.from(sealed).toString(), isOld: false }),
};

/** The whole desktop program but for Electron: its background process in a thread, a page that always takes its port. */
function startDesktop(words: string[]) {
  const own = temporaryFolder();
  mkdirSync(join(own, 'store'));
  const tray: Outside[] = [];
  const windows: ReturnType<typeof windowEnd>[] = [];
  const sentences: (string | null)[] = [];
  let worker: Worker | null = null;
  const program = openProgram<MessagePort>({
    fork(heard, ended) {
      const started = new Worker(new URL('./utility-worker.ts', import.meta.url));
      started.on('message', heard);
      started.on('exit', ended);
      worker = started;
      return {
        post: (message, ports) => started.postMessage({ message, ports }, ports),
        kill: () => void started.terminate(),
      };
    },
    begin: startOptions(words, own).begin,
    ...{ box: BOX, kept: openKeptState(join(own, 'desktop.json'), () => {}), log: () => {}, logFile: join(own, 'log') },
    channel: () => new MessageChannel(),
    ...{ isReplaced: () => false, relaunch: () => {} },
    page: () => ({
      send: (_channel, { sentence }) => sentences.push(sentence),
      postMessage: (_channel, _null, [port]) => port !== undefined && windows.push(windowEnd(port)),
    }),
    tell: (outside) => tray.push(outside),
    notify: () => {},
  });
  onTestFinished(() => program.stop());
  program.asked([]);
  return {
    ...{ program, windows, sentences, folder: join(own, 'store') },
    sign: () => tray.at(-1)?.sign,
    /** As a crash: nothing is put in order. */
    crash: () => worker?.terminate(),
    receipts: async () => (await windows.at(-1)?.client.receipts.recent({ limit: 10 }))?.length,
  };
}

function sell(agent: Pick<AgentHandle, 'url' | 'token'>, receipt: string): Promise<unknown> {
  const occurred = new Date().toISOString();
  const body = {
    ...{ kind: 'sale', workstation: 'T1', receipt, occurred, businessDate: occurred.slice(0, 10), sentAt: occurred },
    lines: [{ sku: 'pen', quantity: 1 }],
  };
  return post(agent, 'transactions', body, `sale-${receipt}`);
}

function tellWindows(agent: AgentHandle, windowFile: string): void {
  const windowToken = readIdentity(agent.folder)?.windowToken ?? '';
  writeWindowFile(windowFile, { url: agent.url, windowToken, store: 'S001', pid: agent.pid() });
}

test('a service killed under an open window: the port closes, the window is told, and all comes back by itself', async () => {
  const service = await world.agent('S001');
  const windowFile = join(temporaryFolder(), 'window.json');
  tellWindows(service, windowFile);
  const desktop = startDesktop(['--window-file', windowFile]);
  await eventually(() => desktop.windows.length === 1, 'the window gets its port');
  await sell(service, '1');
  await eventually(async () => (await desktop.receipts()) === 1, 'the window sees the sale');
  await eventually(() => desktop.sign() === 'good', 'the tray says that all is sent');
  const [before] = desktop.windows;

  await service.kill();
  await before?.closed;
  await eventually(() => desktop.sign() === 'lost', 'the tray says that the program is lost');
  expect(desktop.sentences.at(-1)).toMatch(/does not answer/);
  expect(desktop.program.runsAgent()).toBe(false);

  await service.start();
  tellWindows(service, windowFile);
  await eventually(() => desktop.windows.length === 2, 'the window gets a new port without asking');
  await eventually(async () => (await desktop.receipts()) === 1, 'and sees what it saw before');
  await eventually(() => desktop.sign() === 'good', 'the tray is as it was');
  expect(desktop.sentences.at(-1)).toBeNull();
});

test('a background process that is killed while it runs the agent: another one goes on, nothing is lost', async () => {
  const broker = `mqtt://127.0.0.1:${world.brokerPort}`;
  const desktop = startDesktop(['--store', 'S002', '--broker', broker, '--port', '0']);
  await eventually(() => desktop.program.runsAgent() && desktop.windows.length === 1, 'it runs the agent itself');
  const door = () => ({
    url: readEndpoint(desktop.folder)?.url ?? '',
    token: readIdentity(desktop.folder)?.token ?? '',
  });
  await sell(door(), '1');
  await eventually(async () => (await desktop.receipts()) === 1, 'the window sees the sale');
  const [before] = desktop.windows;

  await desktop.crash();
  await before?.closed;
  await eventually(() => desktop.windows.length === 2, 'the window gets a new port');
  await eventually(async () => (await desktop.receipts()) === 1, 'the sale is there');
  await sell(door(), '2');
  await eventually(async () => (await desktop.receipts()) === 2, 'and the next one');
  await eventually(() => desktop.sign() === 'good', 'all is sent, under the same key');
  await desktop.program.stop();
  expect(readEndpoint(desktop.folder)).toBeNull();
});
