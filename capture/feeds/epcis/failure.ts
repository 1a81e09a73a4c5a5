// An error in the middle of a piece of input, kept until what came before it is handed over.

export type Failure = {
  /** Runs it, keeps what it throws, and throws what was kept from before. */
  untilTold(run: () => void): void;
  tell(): void;
};

export function createFailure(): Failure {
  let kept: { error: unknown } | null = null;
  const tell = (): void => {
    if (kept !== null) throw kept.error;
  };
  return {
    untilTold(run) {
      tell();
      try {
        run();
      } catch (error) {
        kept = { error };
      }
    },
    tell,
  };
}
