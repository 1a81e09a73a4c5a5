// The desktop program: one instance, one window, one sign in the tray, one background process that is kept running.
import { join } from 'node:path';
import { app, dialog, ipcMain, Menu, MessageChannelMain, type MessagePortMain, powerMonitor, session } from 'electron';
import { AGENT_PORT } from '../../protocol/local/desktop-page.ts';
import { words } from '../../renderer/kit/words.ts';
import { openKeptState } from '../desktop-parts/kept-state.ts';
import { openLogFile } from '../desktop-parts/log-file.ts';
import { watchOwnFiles } from '../desktop-parts/own-files.ts';
import { openProgram } from '../desktop-parts/program.ts';
import { startOptions } from '../desktop-parts/start-options.ts';
import { guardApp, guardSession, isOurPage } from './guard.ts';
import { openShopWindow } from './shop-window.ts';
import { checkInstalled, forkBackground, relaunch, startAtLoginOnce, systemBox } from './system.ts';
import { notify, openTray } from './tray.ts';

/** dist/desktop, where the bundle of this file lies; packed, what plain Node runs too lies beside the archive. */
const HERE = import.meta.dirname;
const EXIT_NOT_STARTED = 73;
const programs = (): string => (app.isPackaged ? join(process.resourcesPath, 'agent', 'desktop') : HERE);

app.setAppUserModelId('io.tillwire.store');
guardApp();
if (!app.requestSingleInstanceLock()) app.quit();
else void app.whenReady().then(start).catch(giveUp);

function giveUp(error: unknown): void {
  dialog.showErrorBox(words.desktop.startFailed, error instanceof Error ? error.message : String(error));
  app.exit(EXIT_NOT_STARTED);
}

function start(): void {
  checkInstalled();
  const own = app.getPath('userData');
  const logFile = join(own, 'tillwire.log');
  const log = openLogFile(logFile);
  process.on('uncaughtException', (error) => log(`${error.stack}\n`));
  const kept = openKeptState(join(own, 'desktop.json'), (error) => log(`${error}\n`));
  const { isHidden, begin } = startOptions(process.argv.slice(1), own);
  if (app.isPackaged) Menu.setApplicationMenu(null);
  guardSession(session.defaultSession, join(HERE, '../renderer'));
  const shop = openShopWindow(HERE, kept);
  const tray = openTray(join(HERE, 'icons'), { open: () => shop.show(), quit });
  const program = openProgram<MessagePortMain>({
    ...{ begin, kept, log, logFile, box: systemBox, page: shop.page, tell: tray.tell },
    fork: (heard, ended) => forkBackground(join(programs(), 'agent-process.js'), { heard, ended, log }),
    channel: () => new MessageChannelMain(),
    isReplaced: watchOwnFiles(process.resourcesPath),
    relaunch,
    notify: (message) => notify(message, shop.show),
  });
  ipcMain.on(AGENT_PORT, (event, ...args) => {
    if (isOurPage(event, shop.page())) program.asked(args);
  });

  async function quit(): Promise<void> {
    if (!program.runsAgent()) return app.quit();
    const asked = { ...words.desktop.quitting, type: 'warning', cancelId: 0 } as const;
    const { response } = await dialog.showMessageBox(asked);
    if (response === 1) app.quit();
  }

  app.on('before-quit', (event) => {
    if (program.hasStopped()) return;
    event.preventDefault();
    void program.stop().then(() => app.quit());
  });
  app.on('second-instance', (_event, args) => args.includes('--hidden') || shop.show());
  app.on('window-all-closed', () => {});
  for (const woken of ['resume', 'unlock-screen']) powerMonitor.on(woken as 'resume', program.woken);
  startAtLoginOnce(kept);
  if (!isHidden) shop.show();
}
