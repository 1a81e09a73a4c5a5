// What the command line takes, and in which words it refuses the rest.
import { join, resolve } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { brokerUrl, httpUrl, many, pathFromCaller, port, printTable, storeId } from '../../main/commands/options.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('paths mean what they meant where the command was typed', () => {
  vi.stubEnv('INIT_CWD', resolve('/somewhere'));
  expect(pathFromCaller('data')).toBe(resolve('/somewhere/data'));
  expect(pathFromCaller(resolve('/else/data'))).toBe(resolve('/else/data'));
  expect(many('b', many('a'))).toEqual([resolve('/somewhere/a'), resolve('/somewhere/b')]);
  vi.stubEnv('INIT_CWD', undefined);
  expect(pathFromCaller('data')).toBe(join(process.cwd(), 'data'));
});

test.each([
  [port, '0', 0],
  [port, '65535', 65_535],
  [storeId, 'S_001-a', 'S_001-a'],
  [httpUrl, 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  [httpUrl, 'https://central.example/', 'https://central.example/'],
  [brokerUrl, 'mqtts://user:pass@broker.example', 'mqtts://user:pass@broker.example'],
])('%o takes %j', (read: (text: string) => unknown, text, value) => expect(read(text)).toBe(value));

test.each([
  [port, '65536', 'from 0'],
  [port, '-1', 'from 0'],
  [port, '1.5', 'from 0'],
  [port, '', 'from 0'],
  [port, 'http', 'from 0'],
  [storeId, 'S 1', 'letters, digits'],
  [storeId, '', 'letters, digits'],
  [storeId, 'x'.repeat(33), '1 to 32'],
  [httpUrl, 'localhost:8080', 'whole address'],
  [httpUrl, '127.0.0.1', 'whole address'],
  [httpUrl, 'mqtt://127.0.0.1', 'whole address'],
  [brokerUrl, '127.0.0.1:1883', 'mqtt://host:port'],
  [brokerUrl, 'http://127.0.0.1', 'mqtt://host:port'],
])('%o refuses %j', (read: (text: string) => unknown, text, words) => expect(() => read(text)).toThrow(words));

test('a table is as wide as its widest cells', () => {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  printTable([
    ['store', 'sku'],
    ['S1', '85123A'],
    ['S00017', ''],
  ]);
  expect(print.mock.calls.map(([row]) => row)).toEqual(['store   sku', 'S1      85123A', 'S00017']);
});
