// The POSLog of a real till, checked against figures that a few regular expressions get out of its text.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TransactionContent } from '../../core/fact.ts';
import { needSample } from '../needs.ts';
import { bytesOf, contextOf, factsOf, readAll } from './poslog-documents.ts';

const sample = needSample('02-poslog/ncr-acs/SMALL.xml');

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);
const sum = (texts: string[], scale: number): number =>
  texts.reduce((total, text) => total + Math.round(Number(text) * scale), 0);

/** Without any reader of XML: whole elements by their names, figures by theirs. */
function figures(document: string) {
  const transactions = all(document, /<Transaction>(.*?)<\/Transaction>/gs);
  const receipts = transactions.filter((text) => text.includes('<RetailTransaction'));
  const lines = receipts.flatMap((text) => all(text, /<LineItem((?:(?!<\/LineItem>).)*<Sale .*?<\/Sale>)/gs));
  const counted = lines.filter((text) => !text.includes('VoidFlag="true"'));
  const tenders = receipts.flatMap((text) => all(text, /<Tender (.*?<\/Tender>)/gs));
  return {
    transactions: transactions.length,
    receipts: receipts.map((text) => all(text, /<SequenceNumber>(\d+)</g)[0]),
    lines: counted.length,
    quantity: sum(
      counted.flatMap((text) => all(text, /<Quantity[^>]*>([-.\d]+)</g)),
      1_000,
    ),
    amount: sum(
      counted.flatMap((text) => all(text, /<ExtendedAmount>([-.\d]+)</g)),
      100,
    ),
    total: sum(
      receipts.flatMap((text) => all(text, /"TransactionGrandAmount">([-.\d]+)</g)),
      100,
    ),
    tendered: sum(
      tenders.flatMap((text) => all(text, /<Amount>([-.\d]+)</g).slice(0, 1)),
      100,
    ),
  };
}

test.runIf(sample !== null)(
  'the document of a grocery store: transactions, lines, quantities, totals, tenders',
  async () => {
    const bytes = readFileSync(sample ?? '');
    const expected = figures(bytes.toString('utf8'));
    expect(expected).toMatchObject({ transactions: 2, receipts: ['161'], lines: 1, quantity: 420, total: 107 });
    const context = { ...contextOf({ storeNumber: '9' }), timeZone: 'America/New_York' };
    const { items, stopped } = await readAll(bytesOf(bytes, 1_000), context);
    expect(stopped).toBe(null);
    expect(items).toHaveLength(expected.transactions);
    const documents = items.filter(({ kind }) => kind === 'document');
    expect(items.filter(({ kind }) => kind === 'passed')).toHaveLength(
      expected.transactions - expected.receipts.length,
    );
    const facts = (await Promise.all(documents.map(factsOf))).flat() as TransactionContent[];
    const lines = facts.flatMap((fact) => fact.lines);
    expect({
      transactions: items.length,
      receipts: facts.map(({ receipt }) => receipt),
      lines: lines.length,
      quantity: lines.reduce((total, { quantity }) => total + quantity, 0),
      amount: lines.reduce((total, { amount }) => total + (amount ?? 0), 0),
      total: facts.reduce((total, fact) => total + (fact.total ?? 0), 0),
      tendered: facts.flatMap(({ tenders }) => tenders ?? []).reduce((total, { amount }) => total + amount, 0),
    }).toEqual(expected);
    expect(facts).toMatchObject([
      {
        kind: 'sale',
        workstation: '34',
        businessDate: '2017-09-30',
        occurred: '2017-10-01T02:02:54-04:00',
        currency: 'USD',
        lines: [{ sku: '00000000067591', description: 'APPLE HONEYCRISP ORG', unitPriceE4: 29_900 }],
        tenders: [{ type: 'CreditDebit' }],
      },
    ]);
  },
);
