// What the program needs of the system it is installed on: a process, a key store, its own files, a start at login.
import { app, BrowserWindow, type MessagePortMain, safeStorage, utilityProcess } from 'electron';
import { startAtLogin } from '../desktop-parts/autostart.ts';
import type { SecretBox } from '../desktop-parts/device-key.ts';
import type { KeptState } from '../desktop-parts/kept-state.ts';
import { checkOwnFiles } from '../desktop-parts/own-files.ts';
import type { Child } from '../desktop-parts/supervisor.ts';

type Hearing = { heard(raw: unknown): void; ended(): void; log(lines: Uint8Array): void };

/** The utility process. What it writes goes into the log. */
export function forkBackground(file: string, { heard, ended, log }: Hearing): Child<MessagePortMain> {
  const child = utilityProcess.fork(file, [], { serviceName: 'Tillwire agent', stdio: 'pipe' });
  child.on('message', heard);
  child.on('exit', ended);
  for (const output of [child.stdout, child.stderr]) output?.on('data', log);
  return { post: (message, ports) => child.postMessage(message, ports), kill: () => void child.kill() };
}

/** Safe only where the system has a key store that another program can't simply read (S8). */
export const systemBox: SecretBox = {
  isSafe: async () =>
    (await safeStorage.isAsyncEncryptionAvailable()) &&
    (process.platform !== 'linux' || !/^(basic_text|unknown)$/.test(safeStorage.getSelectedStorageBackend())),
  seal: (text) => safeStorage.encryptStringAsync(text),
  async open(sealed) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
    return { text: result, isOld: shouldReEncrypt };
  },
};

/** Electron checks its archive on Windows only, and never what lies beside it (S27). Throws a sentence that names a file. */
export function checkInstalled(): void {
  if (!app.isPackaged) return;
  // The archive as a file, not as a folder.
  process.noAsar = true;
  const problem = checkOwnFiles(process.resourcesPath);
  process.noAsar = false;
  if (problem !== null) throw new Error(problem);
}

/** With its window only where that is open. */
export function relaunch(): void {
  const hidden = BrowserWindow.getAllWindows().some((window) => window.isVisible()) ? [] : ['--hidden'];
  app.relaunch({ args: [...process.argv.slice(1), ...hidden] });
  app.quit();
}

/** Where no installer did it for all users. A user who takes it back is not overruled at the next start. */
export function startAtLoginOnce(kept: KeptState): void {
  if (!app.isPackaged || kept.now().startsAtLogin) return;
  const program = process.env['APPIMAGE'] ?? process.execPath;
  if (process.platform === 'linux') startAtLogin({ configFolder: app.getPath('appData'), program });
  else if (app.getLoginItemSettings().executableWillLaunchAtLogin !== true)
    app.setLoginItemSettings({ openAtLogin: true, args: ['--hidden'] });
  kept.change({ startsAtLogin: true });
}
