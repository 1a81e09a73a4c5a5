// Topic names and shards: fixed for ever, for brokers' access lists and central's leases hang on them.
import { expect, test } from 'vitest';
import {
  ALL_PRESENCE,
  ALL_UP,
  centralPresenceTopic,
  downTopic,
  presenceTopic,
  SHARDS,
  shardOf,
  storeOfTopic,
  upTopic,
} from '../../protocol/wire/topics.ts';

test('names', () => {
  expect([upTopic('S001'), downTopic('S001'), presenceTopic('S001'), centralPresenceTopic(7)]).toEqual([
    'tillwire/1/main/5/S001/up',
    'tillwire/1/main/S001/down',
    'tillwire/1/main/S001/presence',
    'tillwire/1/main/central/7/presence',
  ]);
});

test.each([
  ['S001', 5],
  ['S002', 8],
  ['berlin-mitte', 16],
  ['a', 10],
])('the shard of %s is %i', (store, shard) => expect(shardOf(store)).toBe(shard));

test('shards spread', () => {
  const used = new Set(Array.from({ length: 2_000 }, (_, i) => shardOf(`S${i}`)));
  expect([used.size, Math.min(...used), Math.max(...used)]).toEqual([SHARDS, 0, SHARDS - 1]);
});

test('the store of a topic', () => {
  expect(storeOfTopic(upTopic('S001'))).toBe('S001');
  expect(storeOfTopic(presenceTopic('central'))).toBe('central');
});

test.each([
  ['a foreign shard', `tillwire/1/main/${(shardOf('S001') + 1) % SHARDS}/S001/up`],
  ['another tenant', 'tillwire/1/other/S001/presence'],
  ['another version', 'tillwire/2/main/S001/presence'],
  ['central itself', centralPresenceTopic(3)],
  ['down', downTopic('S001')],
  ['a store that cannot be', presenceTopic('S 001')],
  ['nothing', ''],
])('%s is no store’s', (_, topic) => expect(storeOfTopic(topic)).toBeNull());

/** MQTT's own rule for filters. */
const matches = (filter: string, topic: string): boolean => {
  const parts = topic.split('/');
  const filterParts = filter.split('/');
  return filterParts.length === parts.length && filterParts.every((part, i) => part === '+' || part === parts[i]);
};

test('central hears every store, and not itself', () => {
  for (const store of ['S001', 'central', 'up', '7']) {
    expect(matches(ALL_UP, upTopic(store))).toBe(true);
    expect(matches(ALL_PRESENCE, presenceTopic(store))).toBe(true);
  }
  expect([matches(ALL_UP, centralPresenceTopic(7)), matches(ALL_PRESENCE, centralPresenceTopic(7))]).toEqual([
    false,
    false,
  ]);
});
