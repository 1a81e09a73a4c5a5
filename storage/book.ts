// The book of the store joined: decisions applied, cuts confirmed, what is so far, and how both are compared and mended.
import Database from 'better-sqlite3';
import { type Epoch, sameEpoch } from '../core/chain.ts';
import type { Clock } from '../core/clock.ts';
import type { Directive } from '../core/decision.ts';
import { DIGEST_PAGES_MAX, DIGEST_SHELVES_MAX } from '../core/limits.ts';
import { type At, type Cut, compareAt } from '../core/order.ts';
import { onHand } from '../core/shelf.ts';
import { openBookReads, openBookRows } from './book-rows.ts';
import { type Confirmed, openConfirm } from './confirm.ts';
import { openConfirmation } from './confirmed.ts';
import type { Db } from './database.ts';
import { type DirectivesHead, type Grant, openDirectives, type ReceivedDirective } from './directives.ts';
import { openDocuments } from './documents.ts';
import type { Entries } from './entries.ts';
import type { Epochs } from './epochs.ts';
import { openFoldSkus } from './fold-skus.ts';
import type { Frames } from './frames.ts';
import { openGoods } from './goods.ts';
import { openGoodsDrafts } from './goods-drafts.ts';
import { openHistory, type PlacedFact } from './history.ts';
import { openMend, type ShelfSum } from './mend.ts';
import type { PageEntry } from './pages.ts';
import { openQuestions } from './questions.ts';
import { openSoFar } from './so-far.ts';
import { openStock } from './stock.ts';
import { openStories } from './story.ts';
import { openTillBook } from './till-book.ts';

/** `tip`: the newest fact captured when it was applied. Facts up to it may not have known of it. */
export type Applied = DirectivesHead & { tip: At };
/** What the store believes to hold so far: [SKU, on-hand, reserved] in thousandths. */
export type Provisional = { tip: At; shelves: [sku: string, onHand: number, reserved: number][] };
/**
 * How far the confirmed book is, and of the entries of closed epochs how many are here, how many are confirmed, how many
 * there are, and how many of them other journals wrote.
 */
export type HistoryState = { cut: Cut; held: number; confirmed: number; total: number; others: number };
/** What one piece of work in the background came to. `more`: there is another one. */
export type Worked = { more: boolean; confirmed: Confirmed | null };

export type BookParts = {
  db: Db;
  store: string;
  clock: Clock;
  epochs: Epochs;
  entries: Entries;
  frames: Frames;
  sliceEntries?: number | undefined;
  eagerEntries?: number | undefined;
};
type Transact = <Value>(work: () => Value) => Value;

export type BookRoom = ReturnType<typeof openBook>;
export type BookMethods = ReturnType<BookRoom['methods']>;

/** Its parts, which read; `reload` after a transaction that was rolled back. */
export function openBookParts(db: Db, store: string, eagerEntries?: number | undefined) {
  const directives = openDirectives(db);
  const history = openHistory(db, store, directives);
  const confirmation = openConfirmation(db, store);
  const reads = openBookReads(db);
  const fold = openFoldSkus({ db, store, history, reads, confirmation });
  const tills = openTillBook(db, store, history);
  const soFar = openSoFar({ store, history, directives, confirmation, fold, reads, tills, eagerEntries });
  return { directives, history, confirmation, reads, fold, soFar, tills };
}

export type BookPieces = ReturnType<typeof openBookParts>;

export function openBook({ db, store, clock, epochs, entries, frames, sliceEntries, eagerEntries }: BookParts) {
  const parts = openBookParts(db, store, eagerEntries);
  const { directives, history, confirmation, reads, fold, soFar, tills } = parts;
  const rows = openBookRows(db, store, reads, tills);
  const confirm = openConfirm({ store, history, directives, rows, reads, confirmation, clock, sliceEntries });
  const mend = openMend({ db, confirmation, directives, history, fold });
  const stories = openStories(db, parts, mend);
  const documents = openDocuments(db, store, entries, parts);
  const goods = openGoods(db, store, { history, directives, findDocument: documents.findDocument });
  const views = {
    ...openQuestions(db, parts),
    ...stories,
    ...documents,
    ...openStock(db, { soFar, reads, explainSku: stories.explainSku, coming: goods.coming }),
    ...goods,
  };
  let madeAnew = false;
  const tip = (): At => ({ epoch: epochs.tip().epoch.ordinal, seq: epochs.tip().seq });

  /** Other epochs count now, or other entries of them: what is not confirmed is read anew. */
  function historyChanged(): void {
    history.reload();
    soFar.reset();
  }

  /** Where a row of the book cannot be read, `work` finds it again, and mends it. */
  function attempt(known: () => unknown): void {
    try {
      known();
    } catch (error) {
      if (error instanceof Database.SqliteError) throw error;
      soFar.reset();
    }
  }

  return {
    ...parts,
    mend,
    note: confirm.note,
    /** Inside a transaction; then `reload`. */
    forget: (): void => confirm.startAnew(Number.POSITIVE_INFINITY),
    historyChanged,
    reload(): void {
      directives.reload();
      confirmation.reload();
      historyChanged();
      // Of a short backlog all is known from the start.
      attempt(() => soFar.build() && soFar.build());
    },
    /** Facts that were just kept, after their commit. What is so far may be wrong rather than hold up a till. */
    captured(placed: PlacedFact[]): void {
      attempt(() => soFar.captured(placed));
    },
    methods: (transact: Transact) => ({
      directives: directives.head,
      directivesPage: directives.page,
      applyDirectives(received: ReceivedDirective[]): Applied {
        const last = received.at(-1)?.dseq ?? 0;
        if (last > directives.head().dseq) {
          let isAnew = false;
          const fresh = transact(() => {
            const known = directives.grants();
            const now = directives.apply(received, clock.wallMs(), frames.current());
            isAnew = now.some(isInThePast);
            if (isAnew) confirm.startAnew(Number.POSITIVE_INFINITY);
            if (directives.grants().length > known.length) leaveLostPast(known);
            return now;
          });
          if (isAnew || fresh.some(({ body }) => body.kind === 'epoch-granted')) historyChanged();
          else soFar.applied(fresh);
        }
        return { ...directives.head(), tip: tip() };
      },
      canonicalEpochs: history.canonicalEpochs,
      /** Where an own epoch ended that is closed here; null for the present one and those of others. */
      closedAt: (epoch: Epoch): number | null =>
        epochs.all().find((row) => sameEpoch(row.epoch, epoch))?.closed ?? null,
      historyState(): HistoryState {
        const { cut } = confirmation.now();
        const closed = history.closedEntries();
        return { cut, ...closed, confirmed: closed.total - history.unconfirmed(cut.at) };
      },
      missing: history.missing,
      doubtCommon: history.doubtCommon,
      keepBranch(epoch: Epoch, entries: PageEntry[]): void {
        const parted = transact(() => {
          const dseq = history.missing()?.dseq;
          const parted = history.keepBranch(epoch, entries);
          if (parted !== null && compareAt({ epoch: epoch.ordinal, seq: parted }, confirmation.now().cut.at) < 0) {
            confirm.startAnew(dseq);
          }
          return parted;
        });
        // Of a long history nothing is read before it is confirmed: what was read stands behind it.
        if (parted === null && soFar.isBehind(epoch.ordinal)) history.reload();
        else historyChanged();
      },
      sums: mend.sums,
      mend(cut: Cut, buckets: number[], shelves: ShelfSum[]): string[] | null {
        const left = transact(() => mend.mend(cut, buckets, shelves, confirm.startAnew));
        soFar.reset();
        return left;
      },
      provisional,
      ...readAgain(views, transact),
      ...openGoodsDrafts(db, transact),
      work: (): Worked => work(transact),
    }),
  };

  /**
   * Decided by a central that had lost entries without knowing it: they stand behind the decision now (R1), so what was
   * confirmed of them counts no more.
   */
  function isInThePast({ basis }: Directive): boolean {
    return compareAt(basis, confirmation.now().cut.at) < 0;
  }

  /**
   * Central, which was put back from a copy, closed an epoch before entries that are confirmed, or granted the next one
   * from another: the book is made anew from the history that it granted. `known` are the grants from before.
   */
  function leaveLostPast(known: Grant[]): void {
    history.reload();
    const { at } = confirmation.now().cut;
    const present = known.at(-1)?.next ?? epochs.all().find(({ epoch }) => epoch.ordinal === at.epoch)?.epoch;
    const [first] = directives.grants().slice(known.length);
    if (first === undefined || present === undefined) return;
    const endsBefore = first.epoch.ordinal === at.epoch && first.end.seq < at.seq;
    if (endsBefore || !sameEpoch(first.epoch, present)) confirm.startAnew(first.dseq);
  }

  function provisional(): Provisional {
    soFar.whole();
    const skus = soFar.skus().slice(0, DIGEST_SHELVES_MAX * DIGEST_PAGES_MAX);
    soFar.freshen(skus);
    const shelves = skus.flatMap((sku): Provisional['shelves'] => {
      const places = soFar.shelf(sku)?.places;
      return places === undefined ? [] : [[sku, onHand(places), places.reserved]];
    });
    return { tip: tip(), shelves };
  }

  /** One piece: a slice of what can be confirmed, else of what is to be known of the rest. */
  function work(transact: Transact): Worked {
    try {
      if (!confirm.isDue()) return { more: soFar.build() || soFar.freshenSome(), confirmed: null };
      const { confirmed, stepped } = transact(confirm.slice);
      soFar.confirmed(stepped);
      return { more: true, confirmed };
    } catch (error) {
      if (isDiskFault(error) || madeAnew) throw error;
    }
    makeAnew(transact);
    return { more: true, confirmed: null };
  }

  /** A row of the book is not what was written, perhaps: everything in it can be made again from the two logs, once. */
  function makeAnew(transact: Transact): void {
    madeAnew = true;
    transact(confirm.startAnew);
    soFar.reset();
  }

  /** What is asked of the book and meets such a row is answered from the two logs. */
  function readAgain<Views extends object>(asked: Views, transact: Transact): Views {
    const again = Object.entries(asked).map(([name, view]) => [
      name,
      (...args: unknown[]): unknown => {
        try {
          return view(...args);
        } catch (error) {
          if (isDiskFault(error) || madeAnew) throw error;
        }
        makeAnew(transact);
        return view(...args);
      },
    ]);
    return Object.fromEntries(again) as Views;
  }
}

/** A figure that is none breaks a constraint of the table; everything else that SQLite says is about the disk. */
const isDiskFault = (error: unknown): boolean =>
  error instanceof Database.SqliteError && !error.code.startsWith('SQLITE_CONSTRAINT');
