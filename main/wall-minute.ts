// The clock on the wall of this PC, as spans of the week are read by.

const DAY_MINUTES = 24 * 60;

/** Minute of the week, from Monday 0:00. */
export function wallMinute(ms: number): number {
  const at = new Date(ms);
  return ((at.getDay() + 6) % 7) * DAY_MINUTES + at.getHours() * 60 + at.getMinutes();
}
