// JSON Lines and JSON lists by a mapping: the pipeline of rows, numbers word for word, bad lines by their number.
import { describe, expect, test } from 'vitest';
import { JSON_RECORD_BYTES_MAX } from '../../core/limits/feeds.ts';
import { balanced, importText, mappingOf, redriveAll } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const whole = (changes: Record<string, unknown> = {}) =>
  mappingOf({
    format: 'jsonl',
    linesAt: 'items',
    columns: {
      receipt: 'no',
      sku: 'items.article.sku',
      quantity: 'items.qty',
      unitPrice: 'items.price',
      description: 'items.article.name',
      time: 'at',
      customer: 'buyer.id',
    },
    till: { column: 'till.id' },
    currency: 'EUR',
    ...changes,
  });

const receipt = (no: unknown, items: unknown[], more: object = {}) =>
  JSON.stringify({ no, at: '2026-11-20T10:15:00+01:00', till: { id: 2 }, buyer: { id: 'K-1' }, items, ...more });
const item = (sku: string, qty: unknown, price: unknown = 2.55) => ({
  article: { sku, name: `Art ${sku}` },
  qty,
  price,
});

test('an object is a receipt, its list the lines; numbers are read as they are written', async () => {
  const journal = memoryJournal();
  const text = [
    receipt(1001, [item('A', 2), item('B', '0.350', '24.90')]),
    '',
    receipt(1002, [item('A', 1)])
      .replace('"qty":1', '"qty":1.5e0')
      .replace('2.55', '0.1000'),
  ].join('\r\n');
  const result = await importText(journal, text, whole(), 'sales.jsonl');
  expect(result).toMatchObject({ rows: 3, rowsCaptured: 3, receipts: 2, sales: 2, rowsSetAside: 0 });
  expect(journal.facts.map(({ captured }) => captured.content)).toMatchObject([
    {
      workstation: '2',
      receipt: '1001',
      occurred: '2026-11-20T10:15:00+01:00',
      total: 1_382,
      lines: [
        { sku: 'A', description: 'Art A', quantity: 2_000, unitPriceE4: 25_500, amount: 510 },
        { sku: 'B', quantity: 350, amount: 872 },
      ],
    },
    { receipt: '1002', lines: [{ quantity: 1_500, unitPriceE4: 1_000, amount: 15 }] },
  ]);
  expect(await importText(journal, text, whole())).toMatchObject({ captured: 0, duplicates: 2 });
});

test('what is no object, no list, nested, twice or too precise is set aside with its line, the rest is captured', async () => {
  const journal = memoryJournal();
  const text = [
    receipt(1, [item('A', 1)]),
    '{"no": 2, "items": [',
    '[1, 2]',
    receipt(4, []),
    receipt(5, [item('A', 5.100000000000001)]),
    receipt(6, [{ article: { sku: ['A'] }, qty: 1 }]),
    `{"no":7,"no":8,"items":[]}`,
    `${'['.repeat(50_000)}`,
    '{"__proto__":{"no":"9"},"items":[{"qty":1}]}',
    receipt('\ud800', [item('A', 1)]),
  ].join('\n');
  const result = await importText(journal, text, whole());
  expect(balanced(result)).toBe(true);
  expect(result).toMatchObject({ rows: 10, captured: 1, rowsSetAside: 9 });
  const told = journal.items.map(({ place, reason }) => `${place}. ${reason}`).sort();
  expect(told).toEqual([
    expect.stringContaining('line 10. Line 10: no "'),
    'line 2. Line 2: it is no JSON: the mistake is behind character 20.',
    'line 3. Line 3: it is no object.',
    'line 4. Line 4: items is empty: there is nothing to capture.',
    expect.stringContaining('line 5. Line 5: items.qty "5.100000000000001" is no number with at most 3 decimals'),
    expect.stringContaining('line 6. Line 6: items.article.sku is a list: name a property inside it'),
    'line 7. Line 7: the property "no" is there twice, with different values.',
    'line 8. Line 8: it is nested more than 32 levels deep.',
    expect.stringContaining('line 9. Line 9: '),
  ]);
  expect(({} as Record<string, unknown>)['no']).toBeUndefined();
});

test('a wrong row sets the whole object aside, word for word; a mended mapping drives it again, once', async () => {
  const journal = memoryJournal();
  const line = receipt(1, [item('A', 1), item('B', 'two'), item('C', 3)]);
  const result = await importText(journal, `${line}\n`, whole());
  expect(result).toMatchObject({ rows: 3, rowsSetAside: 3, setAside: 1 });
  expect(journal.items[0]).toMatchObject({ place: 'line 1', rows: 3, raw: `${line}\n`, receipt: '1' });
  const odd = receipt(2, [{ article: { sku: 'A' }, qty: 1, units: 2 }]);
  await importText(journal, `${odd.replace('"qty":1', '"qty":"one"')}\n`, whole());
  const mended = whole({ columns: { ...whole().columns, quantity: 'items.units' } });
  expect(await redriveAll(journal, mended)).toMatchObject({ items: 2, resolved: 1, captured: 1, left: 1 });
  expect(await redriveAll(journal, mended)).toMatchObject({ items: 1, resolved: 0, captured: 0 });
});

describe('a list of objects', () => {
  const flat = (changes: Record<string, unknown> = {}) =>
    mappingOf({
      format: 'json',
      columns: { receipt: 'r', sku: 's', quantity: 'q', time: 't' },
      ...changes,
    });
  const row = (r: string, q: number) => JSON.stringify({ r, s: 'A "]}', q, t: '2026-11-20T10:00:00Z' }, null, 2);

  test('over any number of lines, in a list or one after the other', async () => {
    for (const text of [
      `[${[row('1', 1), row('1', 2), row('2', 3)].join(',\n')}]\n`,
      `${row('1', 1)}${row('1', 2)}\n${row('2', 3)}`,
    ]) {
      const journal = memoryJournal();
      expect(await importText(journal, text, flat())).toMatchObject({ rows: 3, captured: 2, rowsSetAside: 0 });
      expect(journal.facts[0]?.captured.content).toMatchObject({ lines: [{ quantity: 1_000 }, { quantity: 2_000 }] });
    }
  });

  test('what stands between and behind is told; an end that is missing too', async () => {
    const journal = memoryJournal();
    const text = `[${row('1', 1)} ${row('2', 2)}, 17, "x,]", null] ${row('3', 3)} {"r": "4"`;
    const result = await importText(journal, text, flat());
    expect(result).toMatchObject({ rows: 7, captured: 1, rowsSetAside: 6 });
    const told = journal.items.map(({ reason }) => reason).sort();
    expect(told.join('\n')).toMatch(/no comma in front of it/);
    expect(told.filter((reason) => reason.includes('it is no object'))).toHaveLength(3);
    expect(told.filter((reason) => reason.includes('stands behind the end'))).toHaveLength(1);
    expect(told.filter((reason) => reason.includes('the file ends inside it'))).toHaveLength(1);
  });

  test('the items of a list are driven again', async () => {
    const journal = memoryJournal();
    await importText(journal, `[${row('1', 1).replace('"q": 1', '"q": "x", "n": 4')}]`, flat());
    const mended = flat({ columns: { receipt: 'r', sku: 's', quantity: 'n', time: 't' } });
    expect(await redriveAll(journal, mended)).toMatchObject({ items: 1, resolved: 1, captured: 1 });
  });

  test('what is no JSON at all stops the import', async () => {
    await expect(importText(memoryJournal(), 'a;b\n1;2', flat())).rejects.toThrow('does not begin with "["');
    await expect(importText(memoryJournal(), ' \n', flat())).rejects.toThrow('empty');
  });
});

test.each(['jsonl', 'json'])('an object of 10 MB costs itself, in pieces, never the rest (%s)', async (format) => {
  const journal = memoryJournal();
  const mapping = whole({ format });
  const long = receipt(2, [item('A', 1)], { note: 'x'.repeat(10_000_000) });
  const text = [receipt(1, [item('A', 1)]), long, receipt(3, [item('A', 1)])].join('\n');
  const result = await importText(journal, text, mapping);
  expect(result).toMatchObject({ captured: 2, rowsSetAside: Math.ceil(long.length / JSON_RECORD_BYTES_MAX) });
  expect(balanced(result)).toBe(true);
  expect(journal.items.every(({ place, reason }) => place === 'line 2' && reason.includes('longer than'))).toBe(true);
  const kept = journal.items.map(({ raw }) => raw.replace(/\n$/, '')).join('');
  expect(kept.length).toBe(long.length);
});

test('card numbers are painted over wherever they hide, identifiers are left alone', async () => {
  const journal = memoryJournal();
  const card = '4111111111111111';
  const lines = [
    receipt(card, [item('A', 'bad')], { note: `card ${card}` }),
    receipt(2, [{ article: { sku: card, name: `paid ${card}` }, qty: 1 }]),
    receipt(3, [item('A', 1)], { buyer: { id: card } }),
    receipt(4, [item('A', 'bad')], { note: '@' }).replace('@', '\\u0034111111111111111'),
    `{"broken ${card}`,
    `{"${card}":1,"${card}":2}`,
  ];
  const result = await importText(journal, lines.join('\n'), whole());
  expect(result).toMatchObject({ captured: 1 });
  const kept = JSON.stringify([journal.facts.map(({ captured }) => captured), journal.items]);
  expect(journal.facts[0]?.captured.content).toMatchObject({
    lines: [{ sku: card, description: `paid ${'*'.repeat(16)}` }],
  });
  // Only the receipt number and the SKU, which are identifiers (D23).
  expect(
    kept.replaceAll(`"no\\":\\"${card}`, '').replaceAll(`"sku":"${card}"`, '').replaceAll(`"receipt":"${card}"`, ''),
  ).not.toContain(card);
  expect(kept).not.toMatch(/u0034111/);
  expect(journal.items.find(({ code }) => code === 'card-number')?.reason).toContain('buyer.id holds a card number');
});

test('minor units, seconds since 1970 and decimal commas in texts', async () => {
  const journal = memoryJournal();
  const mapping = whole({ timeFormat: 'epoch-seconds', minorUnits: true, decimalComma: true });
  const text = receipt(1, [item('A', '1,5', 255), item('B', 2.5, 100)]).replace(
    '"2026-11-20T10:15:00+01:00"',
    '1763630100',
  );
  await importText(journal, text, mapping);
  expect(journal.facts[0]?.captured.content).toMatchObject({
    occurred: '2025-11-20T09:15:00+00:00',
    lines: [
      { sku: 'B', quantity: 2_500, unitPriceE4: 10_000, amount: 250 },
      { sku: 'A', quantity: 1_500, unitPriceE4: 25_500, amount: 383 },
    ],
  });
});
