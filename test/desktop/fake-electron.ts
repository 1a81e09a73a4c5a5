// Electron as far as the shell uses it, written by hand: what was done to it can be read, what happens in it be brought about.
import { EventEmitter } from 'node:events';

type Handler = (...args: never[]) => unknown;

/** Given anew to each test by `resetElectron`. */
export type FakeElectron = ReturnType<typeof makeElectron>;

export class FakePort extends EventEmitter {
  postMessage(): void {}
  start(): void {}
  close(): void {}
}

class FakeContents extends EventEmitter {
  sent: { channel: string; message: unknown; ports: unknown[] }[] = [];
  mainFrame: { origin: string } = { origin: 'app://store' };
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  reloads = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  send(channel: string, message: unknown): void {
    this.sent.push({ channel, message, ports: [] });
  }
  postMessage(channel: string, message: unknown, ports: unknown[]): void {
    this.sent.push({ channel, message, ports });
  }
  reload(): void {
    this.reloads++;
  }
}

/** An event that can be prevented, as Electron's are. */
export function preventable() {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

export function makeElectron() {
  const windows: FakeWindow[] = [];
  const trays: FakeTray[] = [];
  const notifications: FakeNotification[] = [];
  const children: FakeUtility[] = [];
  const done: string[] = [];
  const ipcMain = new EventEmitter();
  const powerMonitor = new EventEmitter();

  class FakeWindow extends EventEmitter {
    webContents = new FakeContents();
    options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
    urls: string[] = [];
    isShown = false;
    isDestroyed = false;
    bounds = { x: 10, y: 20, width: 1_000, height: 700 };
    maximized = false;
    constructor(options: FakeWindow['options']) {
      super();
      this.options = options;
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
    async loadURL(url: string): Promise<void> {
      this.urls.push(url);
    }
    show(): void {
      this.isShown = true;
      done.push('show');
    }
    hide(): void {
      this.isShown = false;
    }
    focus(): void {
      done.push('focus');
    }
    restore(): void {
      done.push('restore');
    }
    maximize(): void {
      this.maximized = true;
    }
    static getAllWindows = (): FakeWindow[] => windows;
    isVisible = (): boolean => this.isShown;
    isMinimized = (): boolean => false;
    isMaximized = (): boolean => this.maximized;
    getNormalBounds = () => this.bounds;
    /** As the button in its corner, or the system at the end. */
    close(): boolean {
      const event = preventable();
      this.emit('close', event);
      if (event.defaultPrevented) return false;
      this.destroy();
      return true;
    }
    destroy(): void {
      this.isDestroyed = true;
      this.emit('closed');
    }
  }

  class FakeTray extends EventEmitter {
    images: string[];
    tooltips: string[] = [];
    menu: { label: string; click(): void }[] = [];
    constructor(image: string) {
      super();
      this.images = [image];
      trays.push(this);
    }
    setImage = (image: string): number => this.images.push(image);
    setToolTip = (tooltip: string): number => this.tooltips.push(tooltip);
    setContextMenu(menu: FakeTray['menu']): void {
      this.menu = menu;
    }
  }

  class FakeNotification extends EventEmitter {
    static isSupported = (): boolean => true;
    options: { title: string; body: string };
    constructor(options: FakeNotification['options']) {
      super();
      this.options = options;
      notifications.push(this);
    }
    show = (): number => done.push(`notification ${this.options.title}`);
  }

  class FakeUtility extends EventEmitter {
    file: string;
    options: unknown;
    posted: { message: { kind: string }; ports: unknown[] }[] = [];
    stdout = new EventEmitter();
    stderr = new EventEmitter();
    killed = false;
    constructor(file: string, options: unknown) {
      super();
      this.file = file;
      this.options = options;
      children.push(this);
    }
    postMessage = (message: { kind: string }, ports: unknown[]): number => this.posted.push({ message, ports });
    kill(): boolean {
      this.killed = true;
      return true;
    }
  }

  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    isFirst: true,
    userData: '',
    loginItems: [] as unknown[],
    hasQuit: false,
    exitCode: null as number | null,
    setAppUserModelId: (id: string): number => done.push(`id ${id}`),
    enableSandbox: (): number => done.push('sandbox'),
    requestSingleInstanceLock: (): boolean => app.isFirst,
    whenReady: async (): Promise<void> => void done.push('ready'),
    getPath: (): string => app.userData,
    isStartedForAll: false,
    getLoginItemSettings: () => ({ executableWillLaunchAtLogin: app.isStartedForAll }),
    setLoginItemSettings: (settings: unknown): number => app.loginItems.push(settings),
    relaunches: [] as string[][],
    relaunch: ({ args }: { args: string[] }): number => app.relaunches.push(args),
    exit(code: number): void {
      app.exitCode = code;
    },
    /** In Electron's order: before-quit, the windows, then it is over. */
    quit(): void {
      done.push('quit');
      const event = preventable();
      app.emit('before-quit', event);
      if (event.defaultPrevented) return;
      if (windows.every((window) => window.isDestroyed || window.close())) app.hasQuit = true;
    },
  });

  const session = Object.assign(new EventEmitter(), {
    handlers: {} as Record<string, Handler>,
    protocol: {
      handle(scheme: string, handler: Handler): void {
        session.handlers[scheme] = handler;
      },
    },
    setPermissionRequestHandler: (handler: Handler) => session.protocol.handle('request', handler),
    setPermissionCheckHandler: (handler: Handler) => session.protocol.handle('check', handler),
    setDevicePermissionHandler: (handler: Handler) => session.protocol.handle('device', handler),
  });

  const dialog = {
    asked: [] as { message: string; buttons: string[] }[],
    answer: 0,
    boxes: [] as string[][],
    async showMessageBox(options: { message: string; buttons: string[] }): Promise<{ response: number }> {
      dialog.asked.push(options);
      return { response: dialog.answer };
    },
    showErrorBox: (...texts: string[]): number => dialog.boxes.push(texts),
  };

  const safeStorage = {
    isAvailable: true,
    backend: 'gnome_libsecret',
    isOld: false,
    isAsyncEncryptionAvailable: async (): Promise<boolean> => safeStorage.isAvailable,
    getSelectedStorageBackend: (): string => safeStorage.backend,
    encryptStringAsync: async (text: string): Promise<Buffer> => Buffer.from(`sealed ${text}`),
    decryptStringAsync: async (sealed: Buffer) => ({
      result: sealed.toString().replace(/^sealed /, ''),
      shouldReEncrypt: safeStorage.isOld,
    }),
  };

  return {
    ...{ app, ipcMain, powerMonitor, dialog, safeStorage, done, windows, trays, notifications, children },
    session: { defaultSession: session },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1_366, height: 728 } }] },
    protocol: { schemes: [] as unknown[], registerSchemesAsPrivileged },
    BrowserWindow: FakeWindow,
    Tray: FakeTray,
    Notification: FakeNotification,
    Menu: { application: undefined as unknown, setApplicationMenu, buildFromTemplate: (items: unknown) => items },
    nativeImage: { createFromPath: (path: string) => path },
    utilityProcess: { fork: (file: string, _args: string[], options: unknown) => new FakeUtility(file, options) },
    MessageChannelMain: class {
      port1 = new FakePort();
      port2 = new FakePort();
    },
  };

  function registerSchemesAsPrivileged(this: { schemes: unknown[] }, schemes: unknown[]): void {
    this.schemes.push(...schemes);
  }
  function setApplicationMenu(this: { application: unknown }, menu: unknown): void {
    this.application = menu;
  }
}
