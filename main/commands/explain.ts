// tillwire explain: why a shelf reads what it does, entry by entry.
import { Command } from 'commander';
import { formatQuantity } from '../../core/amounts.ts';
import { ShelfExplained } from '../../protocol/hq/ledger.ts';
import { localTime, printJson, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & { store: string; sku: string; json?: boolean };

export const explainCommand = (): Command =>
  withCentral(new Command('explain'))
    .description(
      "A shelf's history in order, what became of each entry, and what it would read without what is flagged.",
    )
    .requiredOption('--store <id>', 'the store', storeId)
    .requiredOption('--sku <sku>', 'the SKU')
    .option('--json', 'JSON on standard output')
    .action(async ({ store, sku, json, ...options }: Options) => {
      const path = `/stores/${store}/skus/${encodeURIComponent(sku)}/explain`;
      const shelf = await openCentral(options).get(path, {}, ShelfExplained.nullable());
      if (json === true) printJson(shelf);
      else if (shelf === null) console.log(`Central knows nothing of SKU ${sku} in store ${store} (yet).`);
      else console.log(storyOf(shelf).join('\n'));
    });

function storyOf(shelf: ShelfExplained): string[] {
  const { store, sku, onHand, reserved, uncounted, couldBe, isWhole, entries, readings } = shelf;
  const figure = uncounted ? 'not counted yet' : `${formatQuantity(onHand)} on hand`;
  const set = reserved === 0 ? '' : `, ${formatQuantity(reserved)} of it reserved`;
  const range =
    couldBe === null ? '' : ` It could be ${formatQuantity(couldBe.low)} to ${formatQuantity(couldBe.high)}.`;
  return [
    `${sku} in store ${store}: ${figure}${set}.${range}`,
    ...(isWhole ? [] : ['What is older is left out here.']),
    ...entries.flatMap(entryOf),
    ...readings.map(({ sentence }) => sentence),
  ];
}

function entryOf(entry: ShelfExplained['entries'][number]): string[] {
  const { kind, number, workstation, by, atMs, happened, sentence, moves, onHand } = entry;
  const what = [kind, number, workstation === null ? null : `at ${workstation}`, by === null ? null : `by ${by}`];
  const moved = moves.map(({ quantity, from, to }) => `${formatQuantity(quantity)} ${from} to ${to}`).join(', ');
  return [
    `  ${localTime(atMs)}  ${entry.entry}  ${what.filter((part) => part !== null).join(' ')}${when(atMs, happened)}`,
    `    ${moved === '' ? '' : `${moved}; `}then ${formatQuantity(onHand)} on hand`,
    `    ${sentence}`,
  ];
}

/** Said where a document came in later than it happened: that is what most questions are about. */
function when(atMs: number, happened: ShelfExplained['entries'][number]['happened']): string {
  if (happened === null || atMs - happened.toMs < LATE_MS) return '';
  const { fromMs, toMs } = happened;
  if (fromMs === null) return `, happened before ${localTime(toMs)}`;
  return toMs - fromMs < LATE_MS
    ? `, happened ${localTime(fromMs)}`
    : `, happened between ${localTime(fromMs)} and ${localTime(toMs)}`;
}

const LATE_MS = 60_000;
