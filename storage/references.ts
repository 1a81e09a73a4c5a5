// Which documents a document names, and where those lie: the sale of a return, what a void or reversal takes back.
import { type FactContent, isTransaction, type ReceiptRef, readNaturalKey, receiptKeys } from '../core/fact.ts';

/** How a document is tied to the one it names. */
export type Tie = 'voids' | 'returns' | 'takes-back';
/** `keys`: natural keys under which it may lie, of this store. `isOurs` is false of a receipt of another store. */
export type Named = { tie: Tie; ref: ReceiptRef; keys: string[]; isOurs: boolean };

/** Each document that this one names, once. */
export function namedBy(store: string, content: FactContent): Named[] {
  if (content.kind === 'reversal') {
    const { workstation, businessDate, number } = readNaturalKey(content.reverses);
    const ref = { workstation, businessDate, receipt: number };
    return [{ tie: 'takes-back', ref, keys: [content.reverses], isOurs: true }];
  }
  if (!isTransaction(content)) return [];
  const named = (tie: Tie, { line: _, ...ref }: ReceiptRef): Named => {
    const isOurs = ref.store === undefined || ref.store === store;
    return { tie, ref, keys: isOurs ? receiptKeys(store, ref, content) : [], isOurs };
  };
  const all = [
    ...(content.voids === undefined ? [] : [named('voids', content.voids)]),
    ...content.lines.flatMap(({ original }) => (original === undefined ? [] : [named('returns', original)])),
  ];
  const unique = new Map(all.map((one) => [JSON.stringify([one.tie, one.ref]), one]));
  return [...unique.values()];
}

/** Numbers of documents that it names, of whichever store. */
export const numbersNamed = (content: FactContent): string[] => namedBy('', content).map(({ ref }) => ref.receipt);
