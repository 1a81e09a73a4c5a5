// Prints what a file would become, piece by piece: no file is too large for the memory of whoever looks.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Preview } from '../../capture/preview/preview.ts';
import type { PreviewItem, PreviewSummary } from '../../protocol/local/preview.ts';

type Head = { file: string; feed: string; store: string };

export type Printer = { item(item: PreviewItem): Promise<void>; end(preview: Preview): Promise<void> };

export function openPrinter(out: Writable, asJson: boolean, head: Head): Printer {
  // Whoever reads only the beginning, as `head` does, wants no more.
  out.on('error', () => process.exit());
  const say = async (text: string): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain');
  };
  return asJson ? jsonPrinter(say, head) : wordPrinter(say);
}

type Say = (text: string) => Promise<void>;

function jsonPrinter(say: Say, head: Head): Printer {
  const start = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "items": [`;
  let items = 0;
  return {
    item: (item) => say(`${items++ === 0 ? start : ','}\n    ${JSON.stringify(item)}`),
    async end({ summary, stopped }) {
      const rest = JSON.stringify({ stopped, summary }, null, 2).slice(1);
      await say(`${items === 0 ? start : '\n  '}],${rest}\n`);
    },
  };
}

const WIDTHS = [12, 10, 14, 12, 26, 8, 14];
const HEADINGS = ['kind', 'till', 'number', 'day', 'time', 'lines', 'total'];

const row = (cells: string[]): string =>
  cells
    .map((cell, nth) => cell.padEnd(WIDTHS[nth] ?? 0))
    .join('  ')
    .trimEnd();

function wordPrinter(say: Say): Printer {
  let begun = false;
  return {
    async item(item) {
      if (!begun) await say(`${row(HEADINGS)}\n`);
      begun = true;
      await say(`${inWords(item)}\n`);
    },
    end: ({ summary, stopped }) =>
      say(`\n${summaryInWords(summary)}\n${stopped === null ? '' : `The rest cannot be read: ${stopped.reason}\n`}`),
  };
}

function inWords(item: PreviewItem): string {
  if (item.outcome === 'set-aside') return `SET ASIDE ${item.place}: ${item.reason} (${item.code})`;
  if (item.outcome === 'passed') return `passed over ${item.place}: ${item.reason}`;
  const { kind, till, number, businessDate, time, lines, total, currency, outcome } = item;
  const sum = total === undefined ? '' : `${total} ${currency ?? ''}`;
  const again = outcome === 'duplicate' ? ' (the same again)' : '';
  const head = row([kind, till, number, businessDate, time, String(lines.length), sum]) + again;
  const each = lines.map((line) => {
    const amount = line.amount === undefined ? '' : `  ${line.amount}`;
    return `    ${line.quantity} x ${line.sku}${amount}${line.notGoods === true ? '  (no goods)' : ''}`;
  });
  return [head, ...each].join('\n');
}

function summaryInWords(summary: PreviewSummary): string {
  const { items, captured, duplicates, setAside, passed, kinds, units } = summary;
  const each = Object.entries(kinds).map(([kind, sums]) => {
    const money = Object.entries(sums.amounts).map(
      ([currency, { lines, totals }]) => `lines ${lines} ${currency}, totals ${totals} ${currency}`,
    );
    return `  ${kind}: ${sums.documents} documents, ${sums.lines} lines, ${sums.units} units${money.map((text) => `; ${text}`).join('')}`;
  });
  return [
    `${items} in the file: ${captured} would be captured, ${duplicates} are there twice, ${setAside} would be set aside, ${passed} passed over.`,
    ...each,
    `  units sold less units taken back: ${units}`,
  ].join('\n');
}
