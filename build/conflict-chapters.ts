// The chapters of docs/conflicts.md that are about more than one shelf: returns, transfers, products, copied journals.
import { formatQuantity } from '../core/amounts.ts';
import { type CatalogueEntry, emptyCatalogue, HEAD_OFFICE, stepCatalogue } from '../core/catalogue.ts';
import { type Claim, claimId } from '../core/claim-order.ts';
import { judgeClaims } from '../core/claims.ts';
import { policyOf } from '../core/exception.ts';
import { positionsOf, SKU, type Told } from './conflict-story.ts';

const table = (head: string[], rows: string[][]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
];

const chapter = (title: string, rule: string, ...lines: string[]): string =>
  [`## ${title}`, '', rule, '', ...lines, ''].join('\n');

const claim = (store: string, time: string, seen = 0): Claim => ({
  ...{ store, epoch: 1, seq: 40, line: 1, quantity: 1_000, boundMs: 0, seen },
  hlc: { ms: Date.parse(`2026-11-16T${time}:00Z`), n: 0 },
});

/** One unit was sold; three stores take it back. S002 had been told of the return in S001 and took it all the same. */
export function returnClaims(): { store: string; kept: number; sentence: string }[] {
  const first = claim('S001', '15:00');
  const knowing = claim('S002', '09:00', 7);
  const other = claim('S003', '12:00');
  const verdicts = judgeClaims({
    sale: { store: 'S009', epoch: 1, seq: 12, line: 1, quantity: 1_000 },
    claims: [first, knowing, other],
    notices: [{ claim: claimId(first), store: 'S002', dseq: 7 }],
  });
  return verdicts.map(({ claim: id, kept, sentence }) => ({ store: id.split('/')[0] ?? '', kept, sentence }));
}

const claims = (): string =>
  chapter(
    'Several stores take back the same goods',
    'One article was sold once. S001, S002 and S003 each took it back and paid it out. The goods are real in all three stores and are on their shelves; the refund is due once. Who keeps it follows from what each store knew, never from the order in which their lines came back: S002 had been told of the return in S001, so it comes behind it although its clock says 09:00. Between those that knew nothing of each other the clock decides. The other two are disputed, in an account of their own at head office, and finance is asked.',
    ...table(
      ['store', 'refund stands for', 'what the shop reads'],
      returnClaims().map(({ store, kept, sentence }) => [store, formatQuantity(kept), sentence]),
    ),
  );

const moved = (kind: 'transfer-sent' | 'transfer-received', quantity: number): Told => ({
  by: 'store',
  text: '',
  captured: '10:00',
  content: { kind, transfer: 'T-5', lines: [{ sku: SKU, quantity }] },
});

/** Ten were sent, nine arrived: what each store's own book holds in transit, in thousandths. */
export const transit = (): { sender: number; receiver: number } => ({
  sender: positionsOf([moved('transfer-sent', 10_000)])['in-transit'],
  receiver: positionsOf([moved('transfer-received', 9_000)])['in-transit'],
});

function transfer(): string {
  const { sender, receiver } = transit();
  const policy = policyOf('transfer-residue');
  return chapter(
    'Ten were sent, nine arrived',
    `Each store books its own half; it does not matter which half head office hears of first. The units that are between the two stay in transit. When they grow old, a question is raised: "${policy.title}". ${policy.nextStep}`,
    ...table(
      ['store', 'what', 'in transit in its book'],
      [
        ['S001', 'sends 10', formatQuantity(sender)],
        ['S002', 'receives 9', formatQuantity(receiver)],
        ['both', 'still on the way', formatQuantity(sender + receiver)],
      ],
    ),
  );
}

const edit = (id: string, by: CatalogueEntry['by'], value: number): CatalogueEntry => ({
  ...{ kind: 'edit', id, by, sku: SKU, attribute: 'price/EUR', value, basedOn: 1 },
});

/** Head office owns the price; store and head office change it at the same time. */
export function priceEdits(): string[] {
  const catalogue = emptyCatalogue();
  stepCatalogue(catalogue, { ...edit('start', HEAD_OFFICE, 499), basedOn: 0 } as CatalogueEntry);
  const store = { kind: 'store', id: 'S001' } as const;
  const entries: CatalogueEntry[] = [
    edit('by store', store, 399),
    edit('by head office', HEAD_OFFICE, 549),
    { kind: 'answer', id: 'answer', by: HEAD_OFFICE, proposal: 'by store', accept: false, basedOn: 2 },
  ];
  return entries.map((entry) => stepCatalogue(catalogue, entry).sentence);
}

const prices = (): string =>
  chapter(
    'A price is changed at both ends',
    'Each attribute of a product has one owner. Whoever is not the owner proposes; nothing is overwritten by whoever comes last.',
    ...table(
      ['who', 'what follows'],
      priceEdits().map((sentence, index) => [['store S001', 'head office', 'head office'][index] ?? '', sentence]),
    ),
  );

function copies(): string {
  const policy = policyOf('fork');
  return chapter(
    'The same numbers, different contents',
    'An old copy of a store PC is put back, or its disk is copied to a second one. Both go on under the same numbers with different receipts. Each entry carries a digest of all before it, so the first hello shows it. Nothing is thrown away: the old chapter of the journal is closed where head office holds it, the store gets back what it lacks, goes on in a new chapter, and sends what only it has. Receipts that both sides hold have the same key and count once. A second computer that speaks for the store at the same time is kept from sending until a person decides.',
    `A question is raised for IT: "${policy.title}". ${policy.nextStep}`,
  );
}

export const chapters = (): string[] => [claims(), transfer(), prices(), copies()];
