// Where a text stops being JSON: the engine itself names the place only sometimes.

/** How many characters are right before the first mistake: the longest beginning that could still become JSON. */
export function mistakeAt(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function couldGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/Unexpected end|Unterminated string/.test(message)) return true;
    return Number(/position (\d+)/.exec(message)?.[1] ?? -1) >= start.length;
  }
}
