// The one window: made once, hidden rather than closed, where it was when it was last seen.
import { join } from 'node:path';
import { app, BrowserWindow, screen, type WebContents } from 'electron';
import { PAGE_CRASHES } from '../../core/limits/desktop.ts';
import { hear } from '../../core/rate.ts';
import { addressOf } from '../desktop-parts/app-scheme.ts';
import type { KeptState } from '../desktop-parts/kept-state.ts';
import { placeWindow, SMALLEST } from '../desktop-parts/window-place.ts';
import { PREFERENCES } from './guard.ts';

/** `dist`: folder of preload.cjs. */
export function openShopWindow(dist: string, kept: KeptState) {
  let window: BrowserWindow | null = null;
  let isEnding = false;
  app.on('before-quit', () => {
    isEnding = true;
  });
  let crashes: number[] = [];

  function make(): BrowserWindow {
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const made = new BrowserWindow({
      ...{ ...placeWindow(kept.now().window, screens), minWidth: SMALLEST.width, minHeight: SMALLEST.height },
      ...{ show: false, title: 'Tillwire', icon: join(dist, 'icons', '256x256.png'), autoHideMenuBar: true },
      webPreferences: { ...PREFERENCES, devTools: !app.isPackaged, preload: join(dist, 'preload.cjs') },
    });
    if (kept.now().isMaximized) made.maximize();
    const keep = (): void => kept.change({ window: made.getNormalBounds(), isMaximized: made.isMaximized() });
    made.on('close', (event) => {
      keep();
      if (!isEnding) event.preventDefault();
      made.hide();
    });
    made.on('closed', () => {
      window = null;
    });
    made.webContents.on('render-process-gone', () => {
      const heard = hear(crashes, performance.now(), PAGE_CRASHES);
      crashes = heard ?? [];
      // One that crashes again and again is made anew when somebody opens it.
      if (heard === null) made.destroy();
      else made.webContents.reload();
    });
    return made;
  }

  return {
    /** In front of all others; `room` where a certain one is meant. */
    show(room?: string): void {
      const isNew = window === null;
      window ??= make();
      if (isNew || room !== undefined) window.loadURL(addressOf(room)).catch(() => {});
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    page: (): WebContents | undefined => window?.webContents,
  };
}
