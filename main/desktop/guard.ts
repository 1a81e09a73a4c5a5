// What the window's page may do: load our own files, save what it made itself, ask for the agent. Nothing else (S23-S26).
import { app, type IpcMainEvent, protocol, type Session, type WebContents, type WebPreferences } from 'electron';
import { answer, isOwnBlob, ORIGIN, SCHEME } from '../desktop-parts/app-scheme.ts';

/** Said out loud, although most of it is Electron's default. */
export const PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/** `root`: the built window. */
export function guardSession(session: Session, root: string): void {
  session.protocol.handle(SCHEME, (request) => answer(root, request));
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (isOwnBlob(item.getURL())) item.setSaveDialogOptions({ defaultPath: item.getFilename() });
    else event.preventDefault();
  });
}

/** Before the app is ready. Every page there will ever be, also one that nobody meant to open. */
export function guardApp(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    for (const move of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      contents.on(move as 'will-navigate', (event) => event.preventDefault());
    }
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Whether it is our page's own main frame that asks. */
export const isOurPage = ({ senderFrame }: IpcMainEvent, page: WebContents | undefined): boolean =>
  senderFrame !== null && senderFrame === page?.mainFrame && senderFrame.origin === ORIGIN;
