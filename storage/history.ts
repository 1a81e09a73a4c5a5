// The history that central granted: which entries count of each closed epoch, ours or those of a branch that it kept.
import { assert } from '../core/assert.ts';
import { type Epoch, genesisChain, linkChain, sameEpoch } from '../core/chain.ts';
import { contentHash, type Fact } from '../core/fact.ts';
import { fromHex, hex } from '../core/hash.ts';
import type { At, Cut } from '../core/order.ts';
import { sha256 } from '../protocol/sha256.ts';
import { factOf } from './carry.ts';
import type { Db } from './database.ts';
import type { Directives } from './directives.ts';
import { atOf, entryId, seqOf } from './entry-id.ts';
import { type EpochRow, listEpochs } from './epochs.ts';
import { type PageEntry, readPage } from './pages.ts';

/** An epoch of the granted history. `end`: its last entry, which directive `dseq` says; null for the present one. */
export type CanonicalEpoch = { epoch: Epoch; end: { seq: number; chain: string; dseq: number } | null };
/**
 * Entries after+1 .. through of the epoch that directive `dseq` closed, with our chain at `after` and the granted one at
 * `through`.
 */
export type Missing = { dseq: number; epoch: Epoch; after: number; before: string; through: number; chain: string };
/** Entries 1 to `own` are ours, those behind it up to `held` are of the branch; all are there where held = end. */
export type Segment = { epoch: Epoch; own: number; held: number; end: number };
/** A fact in its place, and the digest of its content. */
export type PlacedFact = { at: At; id: number; fact: Fact; hash: string };

type Row = { id: number; chain: Uint8Array; bytes: Uint8Array; content: Uint8Array | null };

export type History = ReturnType<typeof openHistory>;

/** Reads only, but for `keepBranch`. */
export function openHistory(db: Db, store: string, directives: Pick<Directives, 'grants'>) {
  const range = (columns: string, table: string) =>
    db.prepare<[number, number, number], Row>(
      `SELECT id, chain, bytes, ${columns} AS content FROM ${table} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`,
    );
  const ownRange = range('content', 'entry');
  const branchRange = range('NULL', 'branch_entry');
  const chainOf = (table: string) =>
    db.prepare<[number], Uint8Array>(`SELECT chain FROM ${table} WHERE id = ?`).pluck();
  const ownChain = chainOf('entry');
  const branchChain = chainOf('branch_entry');
  const branchEnds = db.prepare<[{ after: number; before: number }], { first: number | null; last: number | null }>(
    // Each from the index alone; together they would be looked for in all entries.
    `SELECT (SELECT min(id) FROM branch_entry WHERE id > @after AND id < @before) AS first,
       (SELECT max(id) FROM branch_entry WHERE id > @after AND id < @before) AS last`,
  );
  const insert = db.prepare('INSERT INTO branch_entry (id, chain, bytes) VALUES (?, ?, ?)');
  /** By life: how much of an own epoch is common as far as recalled entries have shown; of others a mark says it. */
  const shown = new Map<string, number>();
  let closed: Segment[] | null = null;

  function chainIn({ epoch, own, held }: Segment, seq: number): string | null {
    if (seq === 0) return genesisChain(sha256, store, epoch);
    const id = entryId(epoch.ordinal, seq);
    const chain = seq <= own ? ownChain.get(id) : seq <= held ? branchChain.get(id) : undefined;
    return chain === undefined ? null : hex(chain);
  }

  /**
   * Where our chain is not the granted one, what a mark proved is common (L3), unless central lost it since and took
   * other entries in its place: then what it hands out does not follow ours, and all of the epoch is recalled.
   */
  function segmentOf(rows: EpochRow[], epoch: Epoch, end: { seq: number; chain: string }): Segment {
    const { ordinal } = epoch;
    const ours = rows.find((row) => sameEpoch(row.epoch, epoch));
    const { first, last } = branchEnds.get({
      after: entryId(ordinal, 0),
      before: entryId(ordinal + 1, 0),
    }) ?? { first: null, last: null };
    if (first !== null && last !== null) {
      return { epoch, own: seqOf(first) - 1, held: seqOf(last), end: end.seq };
    }
    if (ours === undefined) return { epoch, own: 0, held: 0, end: end.seq };
    const whole = { epoch, own: end.seq, held: end.seq, end: end.seq };
    if (chainIn(whole, end.seq) === end.chain) return whole;
    const common = Math.min(shown.get(epoch.life) ?? ours.settled, end.seq - 1);
    return { epoch, own: common, held: common, end: end.seq };
  }

  function granted(): Segment[] {
    if (closed === null) {
      const rows = listEpochs(db);
      closed = directives.grants().map(({ epoch, end }) => segmentOf(rows, epoch, end));
    }
    return closed;
  }

  function ownChainAt({ ordinal }: Epoch, seq: number): string | null {
    const chain = ownChain.get(entryId(ordinal, seq));
    return chain === undefined ? null : hex(chain);
  }

  const grantedOf = (epoch: Epoch): Segment | undefined => granted().find((one) => sameEpoch(one.epoch, epoch));
  const whole = (row: EpochRow, end: number): Segment => ({ epoch: row.epoch, own: end, held: end, end });

  function missing(): Missing | null {
    const at = granted().findIndex(({ held, end }) => held < end);
    const hole = granted()[at];
    const grant = directives.grants()[at];
    if (hole === undefined || grant === undefined) return null;
    const before = chainIn(hole, hole.held);
    assert(before !== null, `entry ${hole.held} of epoch ${hole.epoch.ordinal} is missing`);
    return {
      dseq: grant.dseq,
      epoch: hole.epoch,
      after: hole.held,
      before,
      through: hole.end,
      chain: grant.end.chain,
    };
  }

  /** Entries of a segment behind one and up to another, ours first. */
  function rowsIn({ epoch: { ordinal }, own, held }: Segment, after: number, through: number, max: number): Row[] {
    const to = Math.min(through, held);
    const ids = (from: number, last: number) => [entryId(ordinal, from), entryId(ordinal, last)] as const;
    const rows = after < own ? ownRange.all(...ids(after, Math.min(own, to)), max) : [];
    if (rows.length >= max || to <= own) return rows;
    return [...rows, ...branchRange.all(...ids(Math.max(after, own), to), max - rows.length)];
  }

  return {
    granted,
    /** Grants, branches or epochs changed. */
    reload(): void {
      closed = null;
    },
    canonicalEpochs(): CanonicalEpoch[] {
      const grants = directives.grants();
      // Nothing of the own epochs is granted by a central that never heard of them: the first one that counts begins.
      const present = grants.at(-1)?.next ?? listEpochs(db).find(({ closed }) => closed === null || closed > 0)?.epoch;
      assert(present !== undefined, 'the journal has no epoch yet');
      return [
        ...grants.map(({ epoch, end, dseq }) => ({ epoch, end: { ...end, dseq } })),
        { epoch: present, end: null },
      ];
    },
    missing,
    /** What was taken for common of the missing epoch is not: true where it is to be recalled from its beginning. */
    doubtCommon(): boolean {
      const hole = missing();
      const segment = hole === null ? undefined : grantedOf(hole.epoch);
      if (hole === null || hole.after === 0 || segment?.own !== segment?.held) return false;
      shown.set(hole.epoch.life, 0);
      closed = null;
      return true;
    },
    /**
     * Inside a transaction. Throws Defect where they do not follow what is there or end in another chain. Answers where
     * our own entries of the epoch stop to count, once: when the first of the branch is kept.
     */
    keepBranch(epoch: Epoch, entries: PageEntry[]): number | null {
      const hole = missing();
      assert(hole !== null && sameEpoch(hole.epoch, epoch), `nothing is missing of epoch ${epoch.ordinal}`);
      let { after: last, before: chain } = hole;
      let isCommon = grantedOf(epoch)?.own === last;
      let parted: number | null = null;
      for (const entry of entries) {
        if (entry.seq <= last) continue;
        chain = linkChain(sha256, chain, entry.bytes);
        last += 1;
        assert(
          entry.seq === last && entry.chain === chain && last <= hole.through,
          `entry ${entry.seq} does not follow`,
        );
        if (isCommon && ownChainAt(epoch, last) === chain) {
          shown.set(epoch.life, last);
          continue;
        }
        if (isCommon) parted = last - 1;
        isCommon = false;
        insert.run(entryId(epoch.ordinal, last), fromHex(chain), entry.bytes);
      }
      assert(last < hole.through || chain === hole.chain, 'the branch does not end where central closed the epoch');
      closed = null;
      return parted;
    },
    /** Of a closed epoch what central granted of it, of any other what counts of it here. */
    page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): PageEntry[] {
      const segment = grantedOf(epoch);
      if (segment === undefined) return readPage(db, epoch, after, entriesMax, bytesMax);
      const page: PageEntry[] = [];
      let bytes = 0;
      for (const row of rowsIn(segment, after, segment.held, entriesMax)) {
        bytes += row.bytes.length;
        if (page.length > 0 && bytes > bytesMax) break;
        page.push({ seq: seqOf(row.id), chain: hex(row.chain), bytes: row.bytes });
      }
      return page;
    },
    /** Of the same entries as `page`; null where there is none. */
    chainAt(epoch: Epoch, seq: number): string | null {
      const segment = grantedOf(epoch);
      if (segment !== undefined) return chainIn(segment, seq);
      const row = listEpochs(db).find((known) => sameEpoch(known.epoch, epoch));
      return row === undefined ? null : chainIn(whole(row, row.seq), seq);
    },
    /** What leads to a cut in this epoch; null while something is missing, or the epoch is not of this history. */
    leadingTo(ordinal: number): Segment[] | null {
      const grants = directives.grants();
      const segments = granted();
      const index = segments.findIndex(({ epoch }) => epoch.ordinal === ordinal);
      const before = index === -1 ? segments : segments.slice(0, index + 1);
      if (before.some(({ held, end }) => held < end)) return null;
      if (index !== -1) return before;
      const row = listEpochs(db).find(({ epoch }) => epoch.ordinal === ordinal);
      const present = grants.at(-1)?.next;
      if (row === undefined || (present !== undefined && !sameEpoch(present, row.epoch))) return null;
      return [...before, whole(row, row.seq)];
    },
    /** All that counts as far as this journal knows: what was granted, then our own epochs since. */
    soFar(): Segment[] {
      const segments = granted();
      const last = segments.at(-1)?.epoch.ordinal ?? 0;
      const own = listEpochs(db).filter(({ epoch }) => epoch.ordinal > last);
      return [...segments, ...own.map((row) => whole(row, row.closed ?? row.seq))];
    },
    /** Entries of closed epochs behind a place, also those that are still missing. */
    unconfirmed: (after: At): number =>
      granted().reduce((sum, { epoch: { ordinal }, end }) => {
        if (ordinal < after.epoch) return sum;
        return sum + (ordinal === after.epoch ? Math.max(0, end - after.seq) : end);
      }, 0),
    /** Where the epoch begins that was granted last; null where none was. */
    presentFrom(): Cut | null {
      const last = directives.grants().at(-1);
      return last === undefined ? null : { at: { epoch: last.next.ordinal, seq: 0 }, dseq: last.dseq };
    },
    /** Of closed epochs: entries that are here, all that there are, and those of them that are not our own. */
    closedEntries(): { held: number; total: number; others: number } {
      const sums = { held: 0, total: 0, others: 0 };
      for (const { own, held, end } of granted()) {
        sums.held += held;
        sums.total += end;
        sums.others += end - own;
      }
      return sums;
    },
    /** Behind one place and up to another, at most so many and so large together, at least one where there is one. */
    facts(segments: Segment[], after: At, through: At | null, max: number, bytesMax: number): PlacedFact[] {
      const found: PlacedFact[] = [];
      let bytes = 0;
      for (const segment of segments) {
        const { ordinal } = segment.epoch;
        if (ordinal < after.epoch || (through !== null && ordinal > through.epoch)) continue;
        const from = ordinal === after.epoch ? after.seq : 0;
        const to = ordinal === through?.epoch ? through.seq : segment.held;
        for (const row of rowsIn(segment, from, to, max - found.length)) {
          bytes += row.bytes.length;
          if (found.length > 0 && bytes > bytesMax) return found;
          found.push(placed(row));
        }
        if (found.length >= max) return found;
      }
      return found;
    },
    /** The fact with this entry id, as the granted history has it; null where there is none. */
    factAt(id: number): PlacedFact | null {
      const at = atOf(id);
      const segment = granted().find(({ epoch }) => epoch.ordinal === at.epoch);
      const isBranch = segment !== undefined && at.seq > segment.own;
      const [row] = (isBranch ? branchRange : ownRange).all(id - 1, id, 1);
      return row === undefined ? null : placed(row);
    },
    /** Natural keys of all facts that are kept of branches. */
    branchKeys: (): Set<string> =>
      new Set(
        db
          .prepare<[], Uint8Array>('SELECT bytes FROM branch_entry')
          .pluck()
          .all()
          .map((bytes) => factOf(bytes).key),
      ),
    hasBranch: (): boolean => granted().some(({ own, held }) => held > own),
    /** Of this journal, whatever central granted. */
    ownFact(id: number): PlacedFact | null {
      const [row] = ownRange.all(id - 1, id, 1);
      return row === undefined ? null : placed(row);
    },
  };
}

function placed({ id, bytes, content }: Row): PlacedFact {
  const fact = factOf(bytes);
  return { at: atOf(id), id, fact, hash: content === null ? contentHash(sha256, fact.content) : hex(content) };
}
