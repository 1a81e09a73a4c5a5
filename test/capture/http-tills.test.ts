// Tills at the door: what their tokens open, and that too much of one never delays another (by counts, not by time).
import { afterEach, describe, expect, test } from 'vitest';
import type { Till } from '../../capture/callers.ts';
import {
  TILL_DOCUMENTS_MAX,
  TILL_DOCUMENTS_SECONDS,
  TILL_REQUESTS_AT_ONCE_MAX,
  WRONG_TOKENS_MAX,
} from '../../core/limits/feeds.ts';
import { type Door, openDoor, sale } from './door.ts';

const TILLS: Record<string, Till> = {
  'till-seven': { name: 'seven', workstation: '7' },
  'till-eight': { name: 'eight', workstation: null },
};

let door: Door;
const open = async (): Promise<Door> => {
  door = await openDoor({ till: (token) => TILLS[token] ?? null });
  return door;
};
afterEach(() => door.close());

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const codeOf = (response: { status: number; data: string }): string =>
  response.status < 300 ? String(response.status) : `${response.status} ${JSON.parse(response.data).error.code}`;

describe('what a till may do', () => {
  test('it captures; bound to a workstation it speaks for no other', async () => {
    await open();
    const own = await door.post('/v1/transactions', sale('1', { workstation: '7' }), 'a', as('till-seven'));
    const other = await door.post('/v1/transactions', sale('2', { workstation: '8' }), 'b', as('till-seven'));
    const free = await door.post('/v1/transactions', sale('2', { workstation: '8' }), 'b', as('till-eight'));
    expect([own, other, free].map(codeOf)).toEqual(['201', '403 wrong-workstation', '201']);
    expect(JSON.parse(other.data).error.message).toContain('seven is for workstation 7 only');
    expect(door.journal.facts).toHaveLength(2);
  });

  test('nothing else is open to it', async () => {
    await open();
    for (const path of ['/v1/imports', '/v1/set-aside/redrive']) {
      expect(codeOf(await door.client.post(path, {}, as('till-eight')))).toBe('403 not-for-tills');
    }
  });
});

describe('too much', () => {
  test('of one till is told when to come again, and another till and programs are let in meanwhile', async () => {
    await open();
    const batch = { documents: Array.from({ length: TILL_DOCUMENTS_MAX / 2 }, () => ({})) };
    const flood = () => door.client.post('/v1/batch', batch, as('till-seven'));
    expect([(await flood()).status, (await flood()).status]).toEqual([200, 200]);
    const refused = await door.post('/v1/transactions', sale('1', { workstation: '7' }), 'a', as('till-seven'));
    expect(codeOf(refused)).toBe('429 too-many');
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(TILL_DOCUMENTS_SECONDS);
    expect(TILL_DOCUMENTS_SECONDS).toBeLessThanOrEqual(60);
    expect((await door.post('/v1/transactions', sale('1'), 'b', as('till-eight'))).status).toBe(201);
    expect((await door.post('/v1/transactions', sale('2'), 'c')).status).toBe(201);
    expect(door.journal.facts).toHaveLength(2);
  });

  test('at the same time of one till leaves the others their turn', async () => {
    await open();
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const append = door.journal.append;
    const waiting: string[] = [];
    door.journal.append = async (captured) => {
      if (captured.content.workstation === '7') {
        waiting.push(captured.clientKey ?? '');
        await gate;
      }
      return append(captured);
    };
    const post = (n: number) =>
      door.post('/v1/transactions', sale(`${n}`, { workstation: '7' }), `k${n}`, as('till-seven'));
    const first = Array.from({ length: TILL_REQUESTS_AT_ONCE_MAX }, (_, n) => post(n));
    await expect.poll(() => waiting.length).toBe(TILL_REQUESTS_AT_ONCE_MAX);
    const more = await post(99);
    expect([codeOf(more), more.headers['retry-after']]).toEqual(['429 too-many', '1']);
    expect((await door.post('/v1/transactions', sale('1'), 'b', as('till-eight'))).status).toBe(201);
    letGo();
    expect(new Set((await Promise.all(first)).map(({ status }) => status))).toEqual(new Set([201]));
    expect((await post(99)).status).toBe(201);
  });

  test('wrong tokens of one address are cut short; a right one is let in all the same', async () => {
    await open();
    const told: string[] = [];
    for (let n = 0; n <= WRONG_TOKENS_MAX; n++) {
      const answer = await door.post('/v1/transactions', sale(), 'w', as(`wrong-${n}`));
      told.push(codeOf(answer));
      if (n === WRONG_TOKENS_MAX) expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
    }
    expect(told.slice(0, -1).every((code) => code === '401 no-token')).toBe(true);
    expect(told.at(-1)).toBe('429 too-many');
    expect((await door.post('/v1/transactions', sale('1'), 'b', as('till-eight'))).status).toBe(201);
  });
});
