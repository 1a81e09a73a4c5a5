// The key to the agent leaves the address bar and stays in the tab.
import { expect, test } from 'vitest';
import { protocolsFor, takeToken } from '../../renderer/store/token.ts';

function tab(hash: string, stored: string | null = null) {
  const kept = new Map<string, string>(stored === null ? [] : [['tillwire-token', stored]]);
  const addresses: string[] = [];
  return {
    addresses,
    location: { hash, pathname: '/store/', search: '?a=1' },
    history: {
      replaceState: (_state: unknown, _title: string, url?: string | URL | null) => void addresses.push(`${url}`),
    },
    sessionStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
    },
  };
}

test('is taken from the fragment, which is removed', () => {
  const first = tab('#token=abc-DEF_1');
  expect(takeToken(first)).toBe('abc-DEF_1');
  expect(first.addresses).toEqual(['/store/?a=1']);
  expect(takeToken({ ...first, location: { ...first.location, hash: '' } })).toBe('abc-DEF_1');
});

test('a new one replaces the one of before; another fragment is left alone', () => {
  expect(takeToken(tab('#token=new', 'old'))).toBe('new');
  const jumped = tab('#set-aside', 'old');
  expect(takeToken(jumped)).toBe('old');
  expect(jumped.addresses).toEqual([]);
});

test('none, or one that can’t travel as a subprotocol, is none', () => {
  expect(takeToken(tab(''))).toBeNull();
  expect(takeToken(tab('#token=a%20b'))).toBeNull();
  expect(protocolsFor('abc')).toEqual(['tillwire', 'token.abc']);
});
