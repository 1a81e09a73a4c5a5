// What the desktop program was started with; flags of Electron itself are passed over.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TILLS_PORT } from '../../core/limits/desktop.ts';
import type { Begin } from '../../protocol/local/desktop.ts';

export type StartOptions = {
  /** Started at login: in the tray, without a window. */
  isHidden: boolean;
  begin: Omit<Begin, 'kind' | 'serviceOnly'>;
};

/** Where a service tells its address on this PC. */
export const windowFileOf = (platform: NodeJS.Platform, programData = 'C:\\ProgramData'): string =>
  platform === 'win32' ? join(programData, 'Tillwire', 'window', 'window.json') : '/run/tillwire/window.json';

/** `own`: folder of the program for this user. Other paths are meant from where npm was called, if it was (D30). */
export function startOptions(args: readonly string[], own: string): StartOptions {
  const { INIT_CWD: caller = process.cwd(), ProgramData } = process.env;
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      hidden: { type: 'boolean' },
      ...{ data: text, 'window-file': text, store: text, broker: text, mirror: text, port: text },
    },
  });
  const { store, broker, mirror } = values;
  const port = Number(textOf(values.port) ?? TILLS_PORT);
  const data = textOf(values.data);
  return {
    isHidden: values.hidden === true,
    begin: {
      folder: data === undefined ? join(own, 'store') : resolve(caller, data),
      isNamed: data !== undefined,
      windowFile: textOf(values['window-file']) ?? windowFileOf(process.platform, ProgramData),
      store: textOf(store),
      broker: textOf(broker),
      mirror: textOf(mirror),
      port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : TILLS_PORT,
    },
  };
}

const text = { type: 'string' } as const;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
