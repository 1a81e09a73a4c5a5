// Looks for work again and again, one look at a time: whoever has work that is due by and by, or asked for.

export type Looking = {
  /** Looks now rather than at the next look; once more where a look is under way. */
  wake(): void;
  isStopped(): boolean;
  /** Ends after what is at work. */
  stop(): Promise<void>;
};

export type LookingParts = {
  everyMs: number;
  /** Before the first look. */
  firstMs: number;
  look(): Promise<void>;
  /** What a look threw; it is tried again at the next one. */
  onError(error: unknown): void;
};

export function keepLooking({ everyMs, firstMs, look, onError }: LookingParts): Looking {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let isStopped = false;
  let isAsked = false;

  function lookIn(waitMs: number): void {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(start, waitMs);
  }
  async function work(): Promise<void> {
    try {
      await look();
    } catch (error) {
      onError(error);
    }
    looking = null;
    lookIn(isAsked ? 0 : everyMs);
  }
  function start(): void {
    isAsked = false;
    looking = work();
  }

  lookIn(firstMs);
  return {
    wake() {
      isAsked = true;
      if (looking === null) lookIn(0);
    },
    isStopped: () => isStopped,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
