// Naughty strings in every text field of every document: captured to the letter, or refused with the field's name.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskText } from '../../capture/mask.ts';
import { BatchOutput } from '../../protocol/local/batch.ts';
import { needSample } from '../needs.ts';
import { type Door, openDoor } from './door.ts';

type Document = Record<string, unknown>;

const when = { businessDate: '2026-11-21', occurred: '2026-11-21T10:15:00+00:00', sentAt: '2026-11-21T10:15:03+00:00' };
const item = { sku: 'A', gtin: '4006381333931', description: 'Apples' };
const sold = { workstation: '1', businessDate: '2026-11-20', receipt: '9' };
/** A document of each kind with every text field that it may have; its number is `n`, its till is new each time. */
const DOCUMENTS: [way: string, make: (n: string) => Document][] = [
  [
    'transactions',
    (n) => ({
      ...{ kind: 'return', workstation: `T${n}`, receipt: n, ...when, currency: 'EUR' },
      lines: [{ ...item, quantity: '1', unitPrice: '1.20', amount: '1.20', disposition: 'resell', original: sold }],
      ...{ tenders: [{ type: 'cash', amount: '1.20' }], total: '1.20', customer: 'C1', operator: 'O1' },
    }),
  ],
  [
    'transactions',
    (n) => ({
      kind: 'void',
      workstation: `T${n}`,
      receipt: n,
      ...when,
      lines: [{ ...item, quantity: '1' }],
      voids: sold,
    }),
  ],
  [
    'movements',
    (n) => ({
      ...{ kind: 'goods-received', workstation: `T${n}`, document: n, ...when },
      lines: [{ ...item, quantity: '1', disposition: 'damaged', expected: '1' }],
      ...{ reason: 'r', counterparty: 'c', order: 'o' },
    }),
  ],
  [
    'movements',
    (n) => ({
      ...{ kind: 'transfer-sent', workstation: `T${n}`, document: n, ...when },
      ...{ lines: [{ ...item, quantity: '1' }], counterparty: 'c', transfer: 't' },
    }),
  ],
  [
    'stocktakes',
    (n) => ({
      ...{
        stocktake: n,
        document: n,
        workstation: `T${n}`,
        ...when,
        begun: '2026-11-21T10:00:00+00:00',
        scope: 'items',
      },
      lines: [{ ...item, parts: [{ counter: 'x', quantity: '1' }], occurred: '2026-11-21T10:10:00+00:00' }],
      reason: 'r',
    }),
  ],
  [
    'days',
    (n) => ({
      ...{ workstation: `T${n}`, document: n, ...when, currency: 'EUR', sales: '1', returns: '1', voids: '1' },
      ...{ firstReceipt: '1', lastReceipt: '2' },
    }),
  ],
  [
    'reversals',
    (n) => ({
      ...{ workstation: `T${n}`, document: n, ...when, reason: 'r' },
      reverses: { kind: 'goods-received', workstation: '1', businessDate: '2026-11-21', document: 'D' },
    }),
  ],
];

const sample = needSample('06-torture/blns/blns.json');
/** Without a number of cases each field gets every third string, another third each time: all of them would take long. */
const SHARE = process.env['TILLWIRE_CASES'] === undefined ? 3 : 1;
const strings: string[] = sample === null ? [] : JSON.parse(readFileSync(sample, 'utf8'));

/** Paths of all texts in a document. */
const pathsOf = (node: unknown, path: string[] = []): string[][] =>
  typeof node === 'string'
    ? [path]
    : typeof node === 'object' && node !== null
      ? Object.entries(node).flatMap(([key, below]) => pathsOf(below, [...path, key]))
      : [];

function put(node: Document, [key = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) node[key] = value;
  else put(node[key] as Document, rest, value);
}

const at = (node: unknown, path: string[]): unknown =>
  path.reduce<unknown>((found, key) => (found as Document | undefined)?.[key], node);

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const FREE = new Set(['description', 'reason', 'counterparty']);
/** These become something else: an instant, a number, a hash. */
const MADE_OVER = /^(quantity|unitPrice|amount|total|sales|returns|voids|expected|customer|sentAt|begun|counter)$/;

/** Null where the answer is right. */
function mistake(answer: BatchOutput['answers'][number], key: string, path: string[], sent: string): string | null {
  const field = path.join('.');
  if (answer.status === 201) {
    const name = path.at(-1) ?? '';
    if (MADE_OVER.test(name)) return null;
    const kept = door.journal.facts.find(({ captured }) => captured.clientKey === key)?.captured.content;
    const found = at(kept, path);
    const wanted = FREE.has(name) ? maskText(sent).text : sent;
    return found === wanted ? null : `${field} kept as ${JSON.stringify(found)}`;
  }
  if (answer.status >= 500 || !('error' in answer.body)) return `${field}: ${answer.status}`;
  if (answer.body.error.code === 'no-such-document') return null;
  const issues = answer.body.error.issues ?? [];
  const isNamed = issues.some((issue) => field === issue.field || field.startsWith(`${issue.field}.`));
  return isNamed ? null : `${field}: ${answer.status} ${JSON.stringify(answer.body.error).slice(0, 300)}`;
}

describe.runIf(sample !== null)('naughty strings', () => {
  test('are all there', () => expect(strings.length).toBeGreaterThan(500));

  test.each(DOCUMENTS.map(([way, make], index) => [way, make('').kind ?? '', index] as const))(
    'in %s %s',
    async (way, _kind, index) => {
      const make = DOCUMENTS[index]?.[1];
      if (make === undefined) throw new Error('no such document');
      const wrong: string[] = [];
      let taken = 0;
      for (const [field, path] of pathsOf(make('1')).entries()) {
        const some = strings.filter((_text, number) => (number + field) % SHARE === 0);
        const documents = some.map((text, number) => {
          const body = structuredClone(make(`${index}-${field}-${number}`));
          put(body, path, text);
          return { way, key: `s${index}-${field}-${number}`, body };
        });
        for (const half of [documents.slice(0, 300), documents.slice(300)].filter(({ length }) => length > 0)) {
          const { status, data } = await door.client.post<string>('/v1/batch', { documents: half });
          expect(status, data).toBe(200);
          const { answers } = BatchOutput.parse(JSON.parse(data));
          for (const [place, answer] of answers.entries()) {
            const { key = '', body = {} } = half[place] ?? {};
            if (answer.status === 201) taken++;
            const told = mistake(answer, key, path, String(at(body, path)));
            if (told !== null) wrong.push(told);
          }
        }
        door.journal.facts.splice(0);
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      if (way !== 'reversals') expect(taken).toBeGreaterThan(100);
    },
    60_000,
  );
});
