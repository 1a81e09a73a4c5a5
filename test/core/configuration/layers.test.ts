// Layers: the nearer wins field by field, null takes away, and each value says where it comes from.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesByStore, changesOf, changeText } from '../../../core/configuration/changes.ts';
import { effectiveOf, type Layer, numbersNotWhole, type Source } from '../../../core/configuration/layers.ts';

const source = (changes: Partial<Source>): Source => ({
  ...{ revision: 1, title: 'first', expires: '2027-01-01T00:00:00Z', chain: {}, regions: {}, rings: {}, stores: {} },
  ...changes,
});
const PLACED = { S001: { region: 'north', ring: 'pilot' } };
const configurationOf = (changes: Partial<Source>, store = 'S001') => effectiveOf(source(changes), store).configuration;

describe('layers', () => {
  test('the nearer one wins, field by field, and says so', () => {
    const { configuration, origins } = effectiveOf(
      source({
        chain: { sync: { batchEntries: 500, windowEntries: 2_000 }, log: { level: 'info' } },
        regions: { north: { sync: { batchEntries: 200, bytesPerSecond: 9_000 } } },
        rings: { pilot: { log: { level: 'debug' } } },
        stores: { S001: { ...PLACED.S001, values: { sync: { bytesPerSecond: 5_000 } } } },
      }),
      'S001',
    );
    expect(configuration).toEqual({
      sync: { batchEntries: 200, windowEntries: 2_000, bytesPerSecond: 5_000 },
      log: { level: 'debug' },
    });
    expect(Object.fromEntries(origins.map(({ path, layer }) => [path, layer]))).toEqual({
      'sync.batchEntries': 'region north',
      'sync.windowEntries': 'chain',
      'sync.bytesPerSecond': 'store S001',
      'log.level': 'ring pilot',
    });
  });

  test('null takes away what a wider one said, a field or a whole section, and a nearer one may say it again', () => {
    const chain = { sync: { batchEntries: 500, windowEntries: 9 }, conflicts: { recount: { hours: 5 } } };
    const regions = { north: { sync: { batchEntries: null }, conflicts: null } };
    expect(configurationOf({ chain, regions, stores: PLACED })).toEqual({ sync: { windowEntries: 9 } });
    const rings = { pilot: { sync: { batchEntries: 7 } } };
    expect(configurationOf({ chain, regions, rings, stores: PLACED })).toEqual({
      sync: { batchEntries: 7, windowEntries: 9 },
    });
  });

  test('an object that nothing is left of is not there', () =>
    expect(
      configurationOf({
        chain: { window: { help: { name: 'Desk', phone: '123' } } },
        regions: { north: { window: { help: { name: null, phone: null } } } },
        stores: PLACED,
      }),
    ).toEqual({}));

  test('a feed is replaced as a whole, nulls in it and all; others stay', () => {
    const feeds = { sales: { reading: { a: 1, b: 2 } }, stock: { reading: { c: 3 } } };
    const regions = { north: { feeds: { sales: { reading: { a: null } } } } };
    const made = effectiveOf(source({ chain: { feeds }, regions, stores: PLACED }), 'S001');
    expect(made.configuration).toEqual({ feeds: { sales: { reading: { a: null } }, stock: { reading: { c: 3 } } } });
    expect(made.origins).toEqual([
      { path: 'feeds.sales', layer: 'region north' },
      { path: 'feeds.stock', layer: 'chain' },
    ]);
  });

  test('lists are replaced', () =>
    expect(configurationOf({ chain: { x: [1, 2] }, regions: { north: { x: [3] } }, stores: PLACED })).toEqual({
      x: [3],
    }));

  test('a store that the source does not name has the layer of the chain', () =>
    expect(configurationOf({ chain: { x: 1 }, regions: { north: { x: 2 } }, stores: PLACED }, 'S002')).toEqual({
      x: 1,
    }));

  test.each(['constructor', 'valueOf'])('no names but those that were written: %s', (name) => {
    const stores = { S001: { region: name, ring: name } };
    expect(configurationOf({ chain: { x: 1 }, stores })).toEqual({ x: 1 });
    expect(configurationOf({ chain: { x: 1 } }, name)).toEqual({ x: 1 });
  });

  test('a layer cannot change what all objects are', () => {
    const chain = JSON.parse('{"__proto__": {"isAdmin": true}, "sync": {"__proto__": {"isAdmin": true}}}') as Layer;
    const configuration = configurationOf({ chain });
    expect('isAdmin' in {}).toBe(false);
    expect(Object.getPrototypeOf(configuration)).toBe(Object.prototype);
  });
});

const json = fc.letrec<{ value: unknown; layer: Layer }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.nat(3), fc.constant(null), fc.array(fc.nat(3)), tie('layer')),
  layer: fc.dictionary(fc.constantFrom('a', 'b', 'feeds'), tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Layer>,
})).layer;

test('generated: every value has one origin, whose layer says it; without layers of its own a store has the chain', () => {
  fc.assert(
    fc.property(json, json, json, json, (chain, north, pilot, values) => {
      const written = source({
        ...{ chain, regions: { north }, rings: { pilot } },
        stores: { S001: { region: 'north', ring: 'pilot', values } },
      });
      const { configuration, origins } = effectiveOf(written, 'S001');
      const layers: Record<string, Layer> = { chain, 'region north': north, 'ring pilot': pilot, 'store S001': values };
      expect(new Set(origins.map(({ path }) => path)).size).toBe(origins.length);
      for (const { path, layer } of origins) {
        expect(JSON.stringify(at(configuration, path))).toBe(JSON.stringify(at(layers[layer], path)));
      }
      const alone = effectiveOf(source({ chain, stores: { S001: {} } }), 'S001');
      expect(alone.configuration).toEqual(effectiveOf(written, 'S009').configuration);
    }),
  );
});

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((here, name) => (here as Record<string, unknown> | undefined)?.[name], value);

test('numbers that are not whole are named by their place', () =>
  expect(numbersNotWhole({ a: 1, b: [2, { c: 1.5 }], d: { e: 2 ** 60 } })).toEqual([
    ['b', 1, 'c'],
    ['d', 'e'],
  ]));

describe('what differs', () => {
  test('is told by field, in the order of the paths', () => {
    const from = { sync: { batchEntries: 500, windowEntries: 9 }, log: { level: 'info' } };
    const to = { sync: { batchEntries: 200, windowEntries: 9 }, feeds: { sales: { reading: { format: 'csv' } } } };
    expect(changesOf(from, to).map(changeText)).toEqual([
      'feeds.sales.reading.format: nothing -> "csv"',
      'log.level: "info" -> nothing',
      'sync.batchEntries: 500 -> 200',
    ]);
    expect(changesOf(from, structuredClone(from))).toEqual([]);
  });

  test('stores with the same changes are told together, those without any not at all', () => {
    const stores = { S001: { region: 'north' }, S002: { region: 'north' }, S003: {} };
    const from = source({ regions: { north: { log: { level: 'info' } } }, stores });
    const to = source({
      regions: { north: { log: { level: 'warn' } } },
      stores: { ...stores, S004: { values: { sync: { batchEntries: 4 } } } },
    });
    expect(changesByStore(from, to)).toEqual([
      { stores: ['S001', 'S002'], changes: [{ path: 'log.level', from: 'info', to: 'warn' }] },
      { stores: ['S004'], changes: [{ path: 'sync.batchEntries', from: undefined, to: 4 }] },
    ]);
  });
});
