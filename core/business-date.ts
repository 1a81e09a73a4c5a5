// Trading days as YYYY-MM-DD: compared as text, never derived from a clock.

const DAY_MS = 86_400_000;

/** The day after. */
export const nextDay = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
