// One side puts values down one at a time, the other takes them: whoever puts waits for whoever takes.

export type HandOver<T> = {
  /** True when it was taken; false where nobody takes any more, or while another value still lies there. */
  put(value: T): Promise<boolean>;
  /** What was put down before is still taken; with a reason the taker fails then. */
  end(reason?: Error): void;
  /** Nobody takes any more, not even what lies there. */
  drop(): void;
  /** For one taker. */
  taken(): AsyncGenerator<T, void, void>;
};

export function handOver<T>(): HandOver<T> {
  let lying: { value: T; settle: (isTaken: boolean) => void } | null = null;
  let ended: { reason: Error | undefined } | null = null;
  let wake: () => void = () => {};

  function end(reason?: Error): void {
    ended ??= { reason };
    wake();
  }
  function drop(): void {
    end();
    lying?.settle(false);
    lying = null;
  }
  async function* taken(): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        if (lying !== null) {
          const { value, settle } = lying;
          lying = null;
          settle(true);
          yield value;
        } else if (ended !== null) {
          if (ended.reason !== undefined) throw ended.reason;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      drop();
    }
  }
  return {
    end,
    drop,
    taken,
    put(value) {
      if (ended !== null || lying !== null) return Promise.resolve(false);
      return new Promise((settle) => {
        lying = { value, settle };
        wake();
      });
    },
  };
}
