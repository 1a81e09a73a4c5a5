// Who is told of something, each time it happens.

export function listeners<Value>() {
  const all = new Set<(value: Value) => void>();
  return {
    tell: (value: Value): void => {
      for (const listener of all) listener(value);
    },
    /** Returns how to stop. */
    listen: (listener: (value: Value) => void): (() => void) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
  };
}
