// A store's computer as central sees it: makes facts, chains them, signs frames.
import { randomBytes } from 'node:crypto';
import { type Epoch, genesisChain, linkChain } from '../../core/chain.ts';
import {
  type Fact,
  type FactContent,
  factBytes,
  type MovementContent,
  naturalKey,
  type TransactionContent,
} from '../../core/fact.ts';
import { text, utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Batch, Frame, Hello } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, type Signer, signFrame, type Unsigned } from '../../protocol/wire/signing.ts';

type Words<F> = Omit<F, 'v' | 'store' | 'instance' | 'session' | 'keyId' | 'signature'>;

export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

export type Device = ReturnType<typeof makeDevice>;

/** `entries` is its journal: text as captured. Several devices of one store may share signer and epoch (clones). */
export function makeDevice(store: string, same: { signer?: Signer; epoch?: Epoch; entries?: string[] } = {}) {
  const signer = same.signer ?? openSigner(makePrivateKeyPem());
  const epoch = same.epoch ?? { ordinal: 1, life: randomHex(16) };
  const entries = [...(same.entries ?? [])];
  const instance = randomHex(16);

  const chains = [genesisChain(sha256, store, epoch)];
  const chainAt = (seq: number): string => {
    for (let n = chains.length; n <= seq; n++) {
      chains.push(linkChain(sha256, chains[n - 1] ?? '', utf8(entries[n - 1] ?? '')));
    }
    return chains[seq] ?? '';
  };

  const hello = (change: Partial<Hello> = {}): Hello =>
    signFrame<Hello>(
      {
        kind: 'hello',
        v: 1,
        store,
        instance,
        nonce: randomHex(16),
        agent: 'test',
        epoch,
        seq: entries.length,
        chain: chainAt(entries.length),
        directives: { dseq: 0, chain: null },
        incarnation: null,
        proof: null,
        codecs: ['none', 'zstd'],
        at: 1,
        publicKey: signer.publicKey,
        ...change,
      },
      signer,
    );

  const batch = (session: string, first: number, last: number, change: Partial<Batch> = {}): Batch =>
    signFrame<Batch>(
      {
        kind: 'batch',
        v: 1,
        store,
        instance,
        session,
        epoch,
        first,
        last,
        before: chainAt(first - 1),
        chain: chainAt(last),
        entries: entries.slice(first - 1, last),
        ...change,
      },
      signer,
    );

  const capture = (content: FactContent, change: Partial<Fact> = {}): string => {
    const entry = text(factBytes({ ...factOf(store, content), ...change }));
    entries.push(entry);
    return entry;
  };

  /** Any other frame of this instance, in a session. */
  const say = <F extends Extract<Frame, { session: string }>>(session: string, words: Words<F>): F =>
    signFrame<F>({ v: 1, store, instance, session, ...words } as unknown as Unsigned<F>, signer);

  return { store, signer, epoch, entries, instance, chainAt, hello, batch, capture, say };
}

const factOf = (store: string, content: FactContent): Fact => ({
  v: 1,
  store,
  key: naturalKey(store, content),
  content,
  feed: 'test',
  recorded: { ms: 1_000, n: 0 },
  lo: null,
  hi: 1_000,
  frame: 1,
  frameStart: 0,
  seen: 0,
  revision: 0,
});

export type Item = [sku: string, quantity: number];

export const sale = (receipt: string, items: Item[], change: Partial<TransactionContent> = {}): TransactionContent => ({
  kind: 'sale',
  workstation: 'T1',
  receipt,
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:15:00+01:00',
  lines: items.map(([sku, quantity]) => ({ sku, quantity })),
  ...change,
});

export const movement = (kind: MovementContent['kind'], document: string, items: Item[]): MovementContent => ({
  kind,
  workstation: 'DESK',
  document,
  businessDate: '2026-11-20',
  occurred: '2026-11-20T08:00:00+01:00',
  lines: items.map(([sku, quantity]) => ({ sku, quantity })),
});
