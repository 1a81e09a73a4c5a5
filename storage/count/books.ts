// What the books say of articles that are counted: figures so far, and what a count would do if it were kept now.
import { type Captured, sealFact } from '../../core/captured.ts';
import { contentHash } from '../../core/fact.ts';
import { factName } from '../../core/order.ts';
import { sentence } from '../../core/outcome.ts';
import { onHand, type Shelf } from '../../core/shelf.ts';
import type { CountFigure, ReviewRow } from '../../protocol/local/rooms/count.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { openNames } from '../catalogue/names.ts';
import { entryId } from '../entry-id.ts';
import type { Rooms } from '../open.ts';

type Parts = Pick<Rooms, 'db' | 'store' | 'clock' | 'epochs' | 'frames' | 'book' | 'transact'>;

export function openCountBooks({ db, store, clock, epochs, frames, book, transact }: Parts) {
  const { soFar, reads, fold, directives } = book;
  const { nameOf } = openNames(db);

  /** Confirmed, then all that is not. */
  function shelvesOf(skus: string[]): Map<string, Shelf> {
    soFar.whole();
    soFar.freshen(skus);
    const shelves = new Map<string, Shelf>();
    for (const sku of skus) {
      const row = reads.shelf(sku);
      const shelf = soFar.shelf(sku) ?? (row === undefined ? undefined : (JSON.parse(row.json) as Shelf));
      if (shelf !== undefined) shelves.set(sku, shelf);
    }
    return shelves;
  }

  return {
    figures(skus: string[]): CountFigure[] {
      const shelves = shelvesOf(skus);
      return skus.map((sku) => {
        const shelf = shelves.get(sku);
        return { sku, name: nameOf(sku), onHand: shelf?.known === true ? onHand(shelf.places) : null };
      });
    },
    /** As if this part of a count was kept now, behind all that was captured; nothing is written. */
    review(captured: Captured): ReviewRow[] {
      const { content } = captured;
      if (content.kind !== 'stocktake') return [];
      const skus = content.lines.map(({ sku }) => sku);
      const before = shelvesOf(skus);
      const { epoch, seq, hlc } = epochs.tip();
      const at = { epoch: epoch.ordinal, seq: seq + 1 };
      const wallMs = clock.wallMs();
      const frame = transact(() => frames.current());
      const { dseq: seen } = directives.head();
      const context = { store, recorded: { ms: Math.max(wallMs, hlc.ms), n: hlc.n + 1 }, wallMs, frame, seen };
      const known = captured.counting?.known.dseq;
      const fact = sealFact(captured, { ...context, known, revision: 0 });
      const candidate = { at, id: entryId(at.epoch, at.seq), fact, hash: contentHash(sha256, content) };
      const wanted = new Set(skus);
      const told = new Map<string, Pick<ReviewRow, 'difference' | 'sentence' | 'correctionsTakenBack'>>();
      const after = fold.fold({
        skus: wanted,
        from: 'confirmed',
        facts: [...soFar.factsOf(wanted), candidate],
        directives: soFar.directivesOf(wanted),
        unconfirmed: soFar.unconfirmed,
        visit(stepped) {
          if (stepped.name !== factName(at)) return;
          for (const line of stepped.lines) {
            if (line.sku === null) continue;
            const isPlain = line.outcome === 'posted' && line.other === null && line.reason === null;
            const open = before.get(line.sku)?.open ?? [];
            const absorbed = open.filter(({ dseq }) => dseq > (fact.known ?? 0)).length;
            told.set(line.sku, {
              difference: line.variance,
              sentence: isPlain ? null : sentence(line),
              correctionsTakenBack: line.variance === null ? 0 : absorbed,
            });
          }
        },
      });
      return content.lines.map(({ sku, counted }) => {
        const shelf = before.get(sku);
        const then = after.get(sku);
        const afterwards = then === undefined ? counted : onHand(then.places);
        const { difference = null, sentence: words = null, correctionsTakenBack = 0 } = told.get(sku) ?? {};
        return {
          ...{ sku, name: nameOf(sku), counted, difference, correctionsTakenBack, sentence: words },
          books: shelf?.known === true ? onHand(shelf.places) : null,
          after: afterwards,
          since: difference === null ? 0 : afterwards - counted,
        };
      });
    },
  };
}
