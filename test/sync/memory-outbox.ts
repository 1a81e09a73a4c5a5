// The journal's port in memory, for tests of the uplink: real chains, real folding, no disk.
import { type Epoch, genesisChain, linkChain, sameEpoch } from '../../core/chain.ts';
import type { Directive } from '../../core/decision.ts';
import { bucketOf } from '../../core/digest.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { type At, type Cut, compareAt, EMPTY_CUT } from '../../core/order.ts';
import { onHand } from '../../core/shelf.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { CanonicalEpoch, Confirmed, Outbox, OutboxEntry, ReceivedDirective, Stated } from '../../sync/ports.ts';
import { emptyFolding, type Folding, foldAll, hashOf, type PlacedFact, readFact, statedOf, sumsOf } from './folding.ts';

/** One life of this journal. Closed ones keep their entries; `settled` is the common part with central. */
type Life = { epoch: Epoch; entries: OutboxEntry[]; settled: number };

/** What is on disk: a copy of it is an old copy of the data folder. */
export type MemoryJournal = {
  lives: Life[];
  log: (ReceivedDirective & { tip: At })[];
  branches: { epoch: Epoch; after: number; entries: OutboxEntry[] }[];
  proofs: string[];
  settings: Map<string, string>;
};

export type MemoryOutbox = Outbox & {
  journal: MemoryJournal;
  readonly epoch: Epoch;
  readonly entries: OutboxEntry[];
  readonly settled: number;
  readonly proofs: string[];
  readonly settings: Map<string, string>;
  epochsBegun: string[];
  /** What the confirmed book came to, in order. */
  confirmations: Confirmed[];
  confirmed: { folding: Folding; cut: Cut };
  /** Something is wrong with the book on disk, until it is folded anew from the whole journal. */
  damage: ((folding: Folding) => void) | null;
  capture(...texts: string[]): void;
};

const lifeOf = (ordinal: number): Epoch => ({
  ordinal,
  life: hex(sha256(utf8(`${ordinal} ${Math.random()}`))).slice(32),
});
const newLife = (epoch: Epoch): Life => ({ epoch, entries: [], settled: 0 });

export function makeMemoryOutbox(store = 'S001', from?: MemoryJournal): MemoryOutbox {
  const journal: MemoryJournal = from ?? {
    ...{ lives: [newLife(lifeOf(1))], log: [], branches: [], proofs: [] },
    settings: new Map(),
  };
  const captured = new Set<(seq: number) => void>();
  const confirmers = new Set<(confirmed: Confirmed) => void>();
  let target: { at: At; stated: Stated } | null = null;

  const present = (): Life => journal.lives.at(-1) ?? newLife(lifeOf(1));
  const chainIn = (epoch: Epoch, entries: OutboxEntry[], seq: number): string | null =>
    seq === 0 ? genesisChain(sha256, store, epoch) : (entries[seq - 1]?.chain ?? null);
  const tip = (): At => ({ epoch: present().epoch.ordinal, seq: present().entries.length });
  const append = (life: Life, bytes: Uint8Array): void => {
    const seq = life.entries.length + 1;
    const before = chainIn(life.epoch, life.entries, seq - 1) ?? '';
    life.entries.push({ seq, bytes, chain: linkChain(sha256, before, bytes) });
  };

  function granted(): CanonicalEpoch[] {
    const closed = journal.log.flatMap(({ dseq, directive: { body } }): CanonicalEpoch[] => {
      if (body.kind !== 'epoch-granted') return [];
      const { ordinal, life, seq, chain } = body.closed;
      return [{ epoch: { ordinal, life }, end: { seq, chain, dseq } }];
    });
    const isClosed = closed.some(({ epoch }) => sameEpoch(epoch, present().epoch));
    return isClosed ? closed : [...closed, { epoch: present().epoch, end: null }];
  }

  /** Of a closed epoch what central granted, as far as it is here. */
  function canonical({ epoch, end }: CanonicalEpoch): { entries: OutboxEntry[]; isWhole: boolean } {
    const own = journal.lives.find((life) => sameEpoch(life.epoch, epoch)) ?? newLife(epoch);
    if (end === null) return { entries: own.entries, isWhole: true };
    if (chainIn(epoch, own.entries, end.seq) === end.chain) {
      return { entries: own.entries.slice(0, end.seq), isWhole: true };
    }
    const branch = journal.branches.filter((kept) => sameEpoch(kept.epoch, epoch)).flatMap((kept) => kept.entries);
    const entries = [...own.entries.slice(0, Math.min(own.settled, end.seq)), ...branch];
    return { entries, isWhole: entries.length === end.seq };
  }

  function entriesOf(epoch: Epoch): OutboxEntry[] | null {
    const one = granted().find((each) => sameEpoch(each.epoch, epoch));
    if (one !== undefined) return canonical(one).entries;
    return journal.lives.find((life) => sameEpoch(life.epoch, epoch))?.entries ?? null;
  }

  function missing() {
    for (const one of granted()) {
      const { entries, isWhole } = canonical(one);
      if (isWhole || one.end === null) continue;
      const after = entries.length;
      const before = chainIn(one.epoch, entries, after) ?? '';
      return { dseq: one.end.dseq, epoch: one.epoch, after, before, through: one.end.seq, chain: one.end.chain };
    }
    return null;
  }

  const facts = (through: At | null): PlacedFact[] =>
    granted().flatMap((one) =>
      canonical(one)
        .entries.map(({ seq, bytes }) => ({ at: { epoch: one.epoch.ordinal, seq }, read: readFact(bytes) }))
        .filter(({ at }) => through === null || compareAt(at, through) <= 0),
    );
  const directives = (through: number): Directive[] =>
    journal.log.filter(({ dseq }) => dseq <= through).map(({ directive }) => directive);

  /** Along central's cuts only, as soon as all that stands before them is here. */
  function confirm(): void {
    if (target === null || target.stated.dseq > journal.log.length || missing() !== null) return;
    const { at, stated } = target;
    target = null;
    const cut = { at, dseq: stated.dseq };
    const { cut: last } = outbox.confirmed;
    // A restored central comes past where we have been.
    if (compareAt(at, last.at) < 0 || cut.dseq < last.dseq) return;
    const isThere = compareAt(at, last.at) === 0 && cut.dseq === last.dseq;
    if (!isThere) {
      outbox.confirmed = { folding: foldAll(store, facts(at), directives(cut.dseq)), cut };
      outbox.damage?.(outbox.confirmed.folding);
    }
    const own = statedOf(outbox.confirmed.folding);
    const agrees = own.digest === stated.digest && own.outcomes === stated.outcomes;
    outbox.confirmations.push({ cut, agrees });
    queueMicrotask(() => {
      for (const listener of confirmers) listener({ cut, agrees });
    });
  }

  const outbox: MemoryOutbox = {
    store,
    journal,
    get epoch() {
      return present().epoch;
    },
    get entries() {
      return present().entries;
    },
    get settled() {
      return present().settled;
    },
    get proofs() {
      return journal.proofs;
    },
    get settings() {
      return journal.settings;
    },
    epochsBegun: [],
    confirmations: [],
    damage: null,
    confirmed: { folding: emptyFolding(store), cut: EMPTY_CUT },
    capture(...texts) {
      for (const text of texts) append(present(), utf8(text));
      for (const listener of captured) listener(present().entries.length);
    },
    heads: async () => {
      const { epoch, entries, settled } = present();
      return { epoch, seq: entries.length, chain: chainIn(epoch, entries, entries.length) ?? '', settled };
    },
    async page(epoch, after, entriesMax, bytesMax) {
      let bytes = 0;
      const page = (entriesOf(epoch) ?? []).slice(after, after + entriesMax);
      return page.filter((entry, index) => {
        bytes += entry.bytes.length;
        return index === 0 || bytes <= bytesMax;
      });
    },
    async chainAt(epoch, seq) {
      const entries = entriesOf(epoch);
      return entries === null ? null : chainIn(epoch, entries, seq);
    },
    async settle(epoch, seq, markFrame, stated) {
      const life = present();
      if (!sameEpoch(epoch, life.epoch) || seq < life.settled) throw new Error(`settled twice: ${seq}`);
      life.settled = seq;
      journal.proofs.push(markFrame);
      if (stated !== null) target = { at: { epoch: epoch.ordinal, seq }, stated };
      confirm();
    },
    lastProof: async () => journal.proofs.at(-1) ?? null,
    async beginEpoch(reason, ordinal) {
      const before = present();
      if (before.epoch.ordinal >= ordinal) return;
      outbox.epochsBegun.push(reason);
      const life = newLife(lifeOf(ordinal));
      for (const { bytes } of before.entries.slice(before.settled)) append(life, bytes);
      journal.lives.push(life);
    },
    readSetting: async (name) => journal.settings.get(name) ?? null,
    async writeSetting(name, value) {
      journal.settings.set(name, value);
    },
    onCaptured(listener) {
      captured.add(listener);
      return () => captured.delete(listener);
    },
    directives: async () => ({ dseq: journal.log.length, chain: journal.log.at(-1)?.chain ?? null }),
    async applyDirectives(received) {
      for (const one of received) {
        if (one.dseq <= journal.log.length) continue;
        if (one.dseq !== journal.log.length + 1) throw new Error(`directive ${one.dseq} out of turn`);
        journal.log.push({ ...one, tip: tip() });
      }
      confirm();
      const last = journal.log.at(-1);
      return { dseq: journal.log.length, chain: last?.chain ?? null, tip: last?.tip ?? tip() };
    },
    async supersede(after) {
      journal.log.splice(after);
      outbox.confirmed = { folding: foldAll(store, [], []), cut: EMPTY_CUT };
      target = null;
    },
    directivesPage: async (after, max) => journal.log.slice(after, after + max),
    canonicalEpochs: async () => granted(),
    async closedAt(epoch) {
      const life = journal.lives.slice(0, -1).find((closed) => sameEpoch(closed.epoch, epoch));
      return life?.settled ?? null;
    },
    missing: async () => missing(),
    async doubtCommon() {
      const life = journal.lives.find(({ epoch }) => epoch.life === missing()?.epoch.life);
      if (life === undefined || life.settled === 0) return false;
      life.settled = 0;
      return true;
    },
    async keepBranch(epoch, entries) {
      const after = missing()?.after ?? 0;
      if (entries[0]?.seq !== after + 1) throw new Error('a branch with a hole');
      journal.branches.push({ epoch, after, entries });
      confirm();
    },
    onConfirmed(listener) {
      confirmers.add(listener);
      return () => confirmers.delete(listener);
    },
    sums: async () => ({ cut: outbox.confirmed.cut, sums: sumsOf(outbox.confirmed.folding) }),
    async mend(cut, buckets, shelves) {
      const { cut: at } = outbox.confirmed;
      if (compareAt(at.at, cut.at) !== 0 || at.dseq !== cut.dseq) return null;
      const differing = (): string[] => {
        const theirs = new Map(shelves);
        const { book } = outbox.confirmed.folding;
        const ours = [...book.shelves.keys()].filter((sku) => buckets.includes(bucketOf(sku)));
        return [...new Set([...theirs.keys(), ...ours])].filter((sku) => {
          const hash = hashOf(outbox.confirmed.folding, sku);
          return (hash === null ? undefined : hex(hash)) !== theirs.get(sku);
        });
      };
      if (differing().length > 0) {
        outbox.damage = null;
        outbox.confirmed.folding = foldAll(store, facts(cut.at), directives(cut.dseq));
      }
      return differing();
    },
    async provisional() {
      const all = foldAll(store, facts(null), directives(journal.log.length));
      const { entries, settled } = present();
      const touched = entries.slice(settled).flatMap(({ bytes }) => {
        const content = readFact(bytes)?.fact.content;
        return content !== undefined && 'lines' in content ? content.lines.map(({ sku }) => sku) : [];
      });
      const shelves = [...new Set(touched)].map((sku): [string, number, number] => {
        const places = all.book.shelves.get(sku)?.places;
        return places === undefined ? [sku, 0, 0] : [sku, onHand(places), places.reserved];
      });
      return { tip: tip(), shelves };
    },
  };
  return outbox;
}
