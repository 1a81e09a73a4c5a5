// Start at login on Linux: a file of the XDG autostart folder; on Windows the system keeps a list of its own.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = 'tillwire.desktop';
/** Where a package puts it for all users of the PC. */
const FOR_ALL = join('/etc/xdg/autostart', NAME);

export type Autostart = { configFolder: string; program: string; forAll?: string | undefined };

/** Nothing where a package starts it already, where the user's folder has such a file, or where none can be written. */
export function startAtLogin({ configFolder, program, forAll = FOR_ALL }: Autostart): void {
  const path = join(configFolder, 'autostart', NAME);
  // A line break would begin another entry.
  if (existsSync(forAll) || existsSync(path) || /[\r\n\0]/.test(program)) return;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, entryOf(program), { mode: 0o644 });
  } catch {}
}

/** Desktop Entry Specification 1.5: a quoted argument escapes these; a percent sign would be a field code. */
function entryOf(program: string): string {
  const quoted = program.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  // Values are unescaped once more before the quotes are read.
  const value = `"${quoted}" --hidden`.replaceAll('\\', '\\\\');
  return `[Desktop Entry]\nType=Application\nName=Tillwire\nExec=${value}\nIcon=tillwire\nTerminal=false\n`;
}
