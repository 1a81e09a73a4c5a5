// What happened, in order: always hashed, kept in words where somebody will read it.
import { LINES_KEPT } from './bounds.ts';

export type Trace = {
  say(node: string, what: string): void;
  /** Equal for equal runs. */
  hash(): string;
  /** The newest lines, oldest first. */
  lines(): string[];
};

export function makeTrace(nowMs: () => number, print: ((line: string) => void) | null): Trace {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  let kept: string[] = [];

  function add(text: string): void {
    for (let at = 0; at < text.length; at++) {
      low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
      high = Math.imul(high ^ low, 0x85ebca6b);
    }
  }

  return {
    say(node, what) {
      const line = `${clockText(nowMs())}  ${node.padEnd(8)} ${what}`;
      add(line);
      kept.push(line);
      if (kept.length > LINES_KEPT * 2) kept = kept.slice(-LINES_KEPT);
      print?.(line);
    },
    hash: () => `${(high >>> 0).toString(16).padStart(8, '0')}${(low >>> 0).toString(16).padStart(8, '0')}`,
    lines: () => kept.slice(-LINES_KEPT),
  };
}

/** Days, hours, minutes, seconds, milliseconds since the beginning. */
function clockText(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const [days, hours, minutes] = [ms / 86_400_000, (ms / 3_600_000) % 24, (ms / 60_000) % 60];
  return `${Math.floor(days)}d ${two(hours)}:${two(minutes)}:${((ms / 1_000) % 60).toFixed(3).padStart(6, '0')}`;
}
