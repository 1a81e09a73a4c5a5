// When a program has to end: asked by a signal, by whoever started it, or because npm was ended and told nobody.

const PARENT_LOOK_MS = 500;

/**
 * Resolves once. npm puts a shell between itself and the program; where npm is ended, the shell goes with it and the
 * program would run on, unseen. Under npm a change of the parent process therefore counts as being asked.
 */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
    if (process.env['npm_lifecycle_event'] === undefined) return;
    const parent = process.ppid;
    const looking = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(looking);
      resolve();
    }, PARENT_LOOK_MS);
    looking.unref();
  });
}
