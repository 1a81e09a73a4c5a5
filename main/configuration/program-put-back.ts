// Whether the guard put back a version of the program: in a trial of what raised the version, that is a failure of it.
import { resolve } from 'node:path';
import { guardPlaces, guardSettingsFor } from '../update/places.ts';
import { guardState } from '../update/sight.ts';

export type ProgramPutBack = () => { version: string; atMs: number } | null;

/** Null where no guard looks after this data folder, or its last update went well. */
export function programPutBack(data: string, guardFolder: string): ProgramPutBack {
  const guard = guardPlaces(guardFolder);
  const isGuarded = guardSettingsFor(guard, resolve(data)) !== null;
  return () => {
    const last = isGuarded ? (guardState(guard)?.law.last ?? null) : null;
    return last?.outcome === 'put-back' ? { version: last.version, atMs: last.atMs } : null;
  };
}
