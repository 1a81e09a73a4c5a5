// What the guard made of versions of the program: a revision that lets one come is judged by it.
import { resolve } from 'node:path';
import type { ProgramCourse } from '../../core/configuration/standing.ts';
import { compareVersions } from '../../core/update-release.ts';
import { guardPlaces, guardSettingsFor } from '../update/places.ts';
import { guardState } from '../update/sight.ts';

export type ProgramWatch = {
  /** The last version that was put back; null where the last update went well, or there was none. */
  putBack(): { version: string; atMs: number } | null;
  /** Where this installation is not updated by itself nothing is waited for. */
  courseTo(upTo: string): ProgramCourse['state'];
};

export function watchProgram(data: string, guardFolder: string, running: string): ProgramWatch {
  const guard = guardPlaces(guardFolder);
  const isGuarded = guardSettingsFor(guard, resolve(data)) !== null;
  const law = () => (isGuarded ? (guardState(guard)?.law ?? null) : null);
  return {
    putBack() {
      const last = law()?.last ?? null;
      return last?.outcome === 'put-back' ? { version: last.version, atMs: last.atMs } : null;
    },
    courseTo(upTo) {
      if (!isGuarded || compareVersions(running, upTo) >= 0) return 'there';
      return law()?.bad.includes(upTo) === true ? 'put-back' : 'coming';
    },
  };
}
