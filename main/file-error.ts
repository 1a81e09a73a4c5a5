// What the file system refuses, in a sentence for the person who started the program.

const SENTENCES: Record<string, (path: string) => string> = {
  EACCES: (path) => `This user may not use ${path}: give it the right to, or name another place.`,
  EPERM: (path) => `This user may not change ${path}: give it the right to, or name another place.`,
  ENOENT: (path) => `There is no ${path}: check how it is written.`,
  EISDIR: (path) => `${path} is a folder, not a file: name a file in it.`,
  ENOTDIR: (path) => `A part of ${path} is a file, not a folder: name another place.`,
  EEXIST: (path) => `${path} is a file, not a folder: name another place.`,
  EROFS: (path) => `${path} is on a disk that can only be read: name a place on another one.`,
  ENOSPC: (path) => `The disk of ${path} is full: make space on it, then start again.`,
  EDQUOT: (path) => `This user has used up the space it may have on the disk of ${path}: make space, then start again.`,
};

/** Null for an error that is something else. */
export function fileSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined || !Object.hasOwn(SENTENCES, code)) return null;
  return SENTENCES[code]?.(path) ?? null;
}
