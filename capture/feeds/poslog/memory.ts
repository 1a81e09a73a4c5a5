// Receipts of the same document: what a void takes back may stand there only by its number.
import type { ReceiptRef } from '../../../core/fact.ts';
import { POSLOG_REMEMBERED_LENGTH_MAX, POSLOG_REMEMBERED_RECEIPTS_MAX } from '../../../core/limits/feeds.ts';
import type { Line } from './line.ts';

/** A receipt as it was captured: its lines in order, what was paid. */
export type Remembered = {
  workstation: string;
  number: string;
  businessDate: string;
  lines: Line[];
  total?: number | undefined;
};

export type Memory = {
  keep(receipt: Remembered): void;
  find(ref: ReceiptRef, workstation: string): Remembered | null;
};

/** Bounded: the oldest receipts are forgotten. Kept as new text, so that nothing of the document is held on to. */
export function createMemory(): Memory {
  const texts = new Map<string, string>();
  let length = 0;
  const forget = (key: string): void => {
    length -= texts.get(key)?.length ?? 0;
    texts.delete(key);
  };
  return {
    keep(receipt) {
      const text = JSON.stringify(receipt);
      if (text.length > POSLOG_REMEMBERED_LENGTH_MAX) return;
      // A new string: a part of a longer one would keep all of it in memory.
      const key = Buffer.from(keyOf(receipt.workstation, receipt.number)).toString();
      forget(key);
      texts.set(key, text);
      length += text.length;
      while (texts.size > POSLOG_REMEMBERED_RECEIPTS_MAX || length > POSLOG_REMEMBERED_LENGTH_MAX) {
        const [oldest] = texts.keys();
        if (oldest === undefined) return;
        forget(oldest);
      }
    },
    find(ref, workstation) {
      if (ref.store !== undefined) return null;
      const text = texts.get(keyOf(ref.workstation ?? workstation, ref.receipt));
      if (text === undefined) return null;
      const found = JSON.parse(text) as Remembered;
      return ref.businessDate === undefined || ref.businessDate === found.businessDate ? found : null;
    },
  };
}

const keyOf = (workstation: string, number: string): string => JSON.stringify([workstation, number]);
