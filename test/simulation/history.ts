// What tills asked and were answered, what central committed, what agents settled: all that checkers judge by.
import type { DirectiveRow } from '../../central/law-ports.ts';
import type { Epoch } from '../../core/chain.ts';
import type { FactContent } from '../../core/fact.ts';
import type { Cut } from '../../core/order.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Seen } from '../core/law/checks.ts';
import type { LedgerView } from './memory-ledger.ts';
import type { Refolded } from './refold.ts';
import type { Shop } from './shop.ts';

/** One entry as central committed it. */
export type LedgerRow = {
  store: string;
  epoch: Epoch;
  seq: number;
  chain: string;
  bytes: Uint8Array;
  /** Natural key; null where the bytes could not be read. */
  key: string | null;
  content: string | null;
  outcome: string;
  recorded: { ms: number; n: number } | null;
};

/** What checkers hear as it happens. */
export type Noted =
  | { kind: 'asked'; store: string; key: string; content: string }
  /** The till was told that it is kept; or that the key is taken by another body. */
  | {
      kind: 'answered';
      store: string;
      agent: string;
      key: string;
      content: string;
      outcome: string;
      seq: number;
      epoch: Epoch;
    }
  | { kind: 'committed'; rows: LedgerRow[] }
  /** Central was put back to an older state, which holds these rows. */
  | { kind: 'central-restored'; rows: LedgerRow[]; isTold: boolean }
  | { kind: 'decided'; store: string; row: DirectiveRow }
  /** An agent's book came to a cut of central. */
  | { kind: 'confirmed'; store: string; agent: string; cut: Cut; agrees: boolean }
  | { kind: 'applied'; store: string; agent: string; dseq: number; chain: string }
  | { kind: 'epoch-begun'; agent: string; store: string }
  | { kind: 'shelves'; store: string; name: string; sums: [sku: string, sum: number][] }
  | { kind: 'welcomed'; store: string; instance: string; incarnation: string }
  | { kind: 'settled'; store: string; agent: string; epoch: Epoch; seq: number; chain: string | null }
  | { kind: 'held'; agent: string; reason: string }
  | { kind: 'in-flight'; agent: string; entries: number; publishes: number };

export type Document = {
  store: string;
  key: string;
  /** Digests of the bodies that a till was told are kept. */
  answered: Set<string>;
  /** Digests of all bodies that were ever sent. */
  asked: Set<string>;
  content: FactContent;
};

/** How it all stands when a run is over. */
export type Final = {
  hasSettled: boolean;
  /** What stands in the way of that, in words. */
  unsettled: string[];
  documents: Document[];
  /** By central's clock. */
  centralMs: number;
  ledger: LedgerRow[];
  /** Keys and bodies in journals that still exist somewhere, retired computers among them. */
  journals: {
    agent: string;
    isRetired: boolean;
    held: { key: string; content: string; seq: number; epoch: Epoch }[];
  }[];
  /** Bodies whose only copy a fault destroyed: nobody can name them any more. */
  destroyed: Set<string>;
  /** Central was put back to an older state at least once. */
  wasCentralRestored: boolean;
  /** Stores that central ever heard of, what its ledger holds, and what its entries make of each. */
  stores: string[];
  central: LedgerView;
  refolded(store: string): Refolded;
  agents: { name: string; store: string; isRetired: boolean; journal: Journal | null }[];
  shops: ReadonlyMap<string, Shop>;
  /** How many shelves were compared with what stands there. */
  seen: Seen;
  /** Movements in the books, and those of them that were called unclear. */
  marks: { movements: number; unclear: number };
};

export type History = {
  note(noted: Noted): void;
  document(store: string, key: string, content: FactContent): Document;
  documents(): Document[];
  destroyed: Set<string>;
  wasCentralRestored(): boolean;
};

export function makeHistory(hear: (noted: Noted) => void): History {
  const documents = new Map<string, Document>();
  let wasRestored = false;
  return {
    note(noted) {
      if (noted.kind === 'central-restored') wasRestored = true;
      if (noted.kind === 'asked') documents.get(noted.key)?.asked.add(noted.content);
      if (noted.kind === 'answered' && (noted.outcome === 'captured' || noted.outcome === 'duplicate')) {
        documents.get(noted.key)?.answered.add(noted.content);
      }
      hear(noted);
    },
    document(store, key, content) {
      const known = documents.get(key);
      if (known !== undefined) return known;
      const document: Document = { store, key, answered: new Set(), asked: new Set(), content };
      documents.set(key, document);
      return document;
    },
    documents: () => [...documents.values()],
    destroyed: new Set(),
    wasCentralRestored: () => wasRestored,
  };
}

/** One name for a document with one body. */
export const bodyName = (key: string, content: string): string => `${key}#${content}`;
