// The words of the store window: plurals, and none that only a technician would know.
import { expect, test } from 'vitest';
import { en } from '../../renderer/kit/messages/en.ts';

const JARGON =
  /journal|mqtt|sequence|epoch|chain|settled|sync|queue|backlog|broker|agent|websocket|server|database|fsync|mirror|payload|null|undefined|NaN/i;

function spoken(part: unknown, counts: number[]): string[] {
  if (typeof part === 'string') return [part];
  if (typeof part === 'function') return counts.map((count) => String(part(count, count, count, count, count)));
  return Object.values(part as Record<string, unknown>).flatMap((inner) => spoken(inner, counts));
}

test('no jargon, whatever the number', () => {
  const all = spoken(en, [0, 1, 2, 1_204]);
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((text) => JARGON.test(text))).toEqual([]);
});

test('counts in good English', () => {
  expect(en.headline.offline(0)).toBe('Offline: nothing is waiting');
  expect(en.headline.offline(1)).toBe('Offline: 1 sale is safe on this PC');
  expect(en.headline.offline(1_204)).toBe('Offline: 1,204 sales are safe on this PC');
  expect(en.headline.sending(1)).toBe('Sending 1 sale…');
  expect(en.headline.allButLast(1)).toBe('All sent but the last sale');
  expect(en.headline.allButLast(3)).toBe('All sent but the last 3');
  expect(en.needs.setAside(1)).toBe('1 document could not be placed');
  expect(en.headline.salesToday(1)).toBe('sale today');
});
