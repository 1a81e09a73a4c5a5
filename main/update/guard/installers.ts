// How each kind of installer is put in place: deb by dpkg, AppImage by a rename, NSIS silently.
import { chmodSync, closeSync, copyFileSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GuardSettings } from '../../../protocol/update.ts';
import { syncFolder } from '../files.ts';
import type { Install } from './ports.ts';
import { runProgram } from './run.ts';

/** Throws where the settings lack what the kind needs. */
export function installerOf({ installer, target }: GuardSettings): Install {
  if (installer === 'deb') {
    // A change of a configuration file by IT stays. Going back to an older package is what dpkg allows by itself.
    const root = target === undefined ? [] : [`--root=${target}`, '--force-not-root'];
    return async (path) => void (await runProgram('dpkg', [...root, '--force-confold', '--install', path]));
  }
  if (installer === 'nsis') return async (path) => void (await runProgram(path, ['/S']));
  if (target === undefined) throw new Error('guard.json names no "target": the AppImage that is replaced.');
  return async (path) => replaceFile(path, target);
}

/** The old program, or the new one, never a part of it; a running one keeps its file. */
function replaceFile(from: string, target: string): void {
  const beside = `${target}.next`;
  copyFileSync(from, beside);
  chmodSync(beside, 0o755);
  const handle = openSync(beside, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, target);
  syncFolder(dirname(target));
}
