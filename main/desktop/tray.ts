// The sign beside the clock: shape and colour tell the state, words say it, a message calls where a person must act.
import { join } from 'node:path';
import { Menu, Notification, nativeImage, Tray } from 'electron';
import { words } from '../../renderer/kit/words.ts';
import type { Announcement, Outside } from '../desktop-parts/outside.ts';

const SIZE = process.platform === 'win32' ? 16 : 24;

/** `icons`: folder of the pictures that build/icons.ts makes; those of @2x are found by their names. */
export function openTray(icons: string, { open, quit }: { open(): void; quit(): void }) {
  const picture = (sign: Outside['sign']) => nativeImage.createFromPath(join(icons, `tray-${sign}-${SIZE}.png`));
  const tray = new Tray(picture('lost'));
  const menu = [
    { label: words.desktop.open, click: open },
    { label: words.desktop.quit, click: quit },
  ];
  tray.setContextMenu(Menu.buildFromTemplate(menu));
  tray.on('click', open);
  let shown = '';
  return {
    tell({ sign, tooltip }: Outside): void {
      tray.setToolTip(tooltip);
      if (sign !== shown) tray.setImage(picture(sign));
      shown = sign;
    },
  };
}

/** Shown messages are held until they are gone: one that is collected no longer hears a click. */
const held = new Set<Notification>();

export function notify({ title, body, room }: Announcement, show: (room: string) => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  held.add(notification);
  notification.on('click', () => show(room));
  notification.on('close', () => held.delete(notification));
  notification.show();
}
