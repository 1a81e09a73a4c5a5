// So many in such a time: what is asked more often is not heard.

export type Rate = { max: number; withinMs: number };

/** `heard`: when the last ones were heard, oldest first. Null where this one is one too many. */
export function hear(heard: readonly number[], nowMs: number, { max, withinMs }: Rate): number[] | null {
  const recent = heard.filter((atMs) => nowMs - atMs < withinMs);
  return recent.length >= max ? null : [...recent, nowMs];
}
