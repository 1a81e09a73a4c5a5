// The law as the model runs it, and the same law with a known bug in it: each must be found.
import { type Book, type BookEntry, noteAside, type ReadFact, type Stepped } from '../../../core/book.ts';
import type { Directive } from '../../../core/decision.ts';
import type { Fact } from '../../../core/fact.ts';
import { factName, place } from '../../../core/order.ts';
import { step } from '../../../core/step.ts';

export type Law = {
  place: typeof place;
  step(book: Book, entry: BookEntry): Stepped;
  /** `known` are all directives that this side has when it folds. */
  noteAside(book: Book, directive: Directive, known?: Directive[]): void;
  prepare(entry: BookEntry, book: Book): BookEntry;
};

export const LAW: Law = { place, step, noteAside, prepare: (entry) => entry };

const changed = (change: (fact: Fact, book: Book, name: string) => Partial<Fact>): Partial<Law> => {
  const read = (one: ReadFact | null, book: Book, name: string): ReadFact | null =>
    one === null ? null : { ...one, fact: { ...one.fact, ...change(one.fact, book, name) } };
  return {
    prepare: (entry, book) =>
      entry.kind === 'fact'
        ? { ...entry, read: read(entry.read, book, factName(entry.at)) }
        : { ...entry, released: read(entry.released, book, factName(entry.directive.basis)) },
  };
};

const atCapture = ({ recorded }: Fact) => ({ lo: recorded.ms, hi: recorded.ms });

function* basisIgnored(facts: never[], directives: never[]) {
  for (const directive of directives) yield { directive };
  for (const fact of facts) yield { fact };
}

/** Steps, then does what the bug does. */
const after = (harm: (book: Book, entry: BookEntry, stepped: Stepped) => void): Partial<Law> => ({
  step(book, entry) {
    const stepped = step(book, entry);
    harm(book, entry, stepped);
    return stepped;
  },
});

export const PLANTED: Record<string, Partial<Law>> = {
  'basis ignored': { place: basisIgnored as unknown as typeof place },
  'count without what is reserved': changed(({ content }, book) =>
    content.kind === 'stocktake'
      ? {
          content: {
            ...content,
            lines: content.lines.map((line) => ({
              ...line,
              counted: line.counted + (book.shelves.get(line.sku)?.places.reserved ?? 0),
            })),
          },
        }
      : {},
  ),
  'late count taken at capture order': changed((fact) => (fact.content.kind === 'stocktake' ? atCapture(fact) : {})),
  'keys not de-duplicated over epochs': changed(({ key }, _book, name) => ({ key: `${key}/${name.split(':')[0]}` })),
  'till time ignored': changed(atCapture),
  'clock frames ignored': changed(() => ({ frame: 1, frameStart: 0 })),
  'everything called unclear': changed(({ recorded, content }) =>
    content.kind === 'stocktake' ? {} : { frame: recorded.ms, frameStart: Number.MAX_SAFE_INTEGER },
  ),
  'undo without its corrections': after((book, entry, { changes, lines }) => {
    for (const { sku } of lines) {
      const shelf = sku === null ? undefined : book.shelves.get(sku);
      if (shelf === undefined || entry.kind !== 'fact') continue;
      for (const { name } of changes.filter(({ outcome }) => outcome === 'posted')) {
        const open = shelf.open.find(({ dseq }) => `d${dseq}` === name);
        if (open === undefined) continue;
        shelf.open = shelf.open.filter((one) => one !== open);
        shelf.places.shelf -= open.amount;
        shelf.places.adjustment += open.amount;
      }
    }
  }),
  'void at the time of its sale': changed(({ content }, book) => {
    if (content.kind !== 'void' || content.voids === undefined) return {};
    const sold = SOLD.get(`${book.store}|${content.voids.receipt}`);
    return sold === undefined ? {} : { lo: sold.lo, hi: sold.hi, frame: sold.frame, frameStart: sold.frameStart };
  }),
  'a waiting fact claims its key': after((book, entry, { lines }) => {
    if (entry.kind !== 'fact' || entry.read === null || lines[0]?.outcome !== 'waiting') return;
    book.keys.set(entry.read.fact.key, { at: entry.at, hash: entry.read.hash });
  }),
  'a release at the old place': {
    noteAside(book, directive, known = []) {
      const { body } = directive;
      const isLetIn = known.some(
        (one) => one.body.kind === 'release' && 'fact' in body && factName(one.body.fact) === factName(body.fact),
      );
      if (!isLetIn) noteAside(book, directive);
    },
  },
};

/** Sales of this history by store and receipt, for a bug that looks back at them. */
export const SOLD = new Map<string, Fact>();

export const lawWith = (name: string): Law => {
  const bug = PLANTED[name];
  if (bug === undefined) throw new Error(`no such bug: ${name}`);
  return { ...LAW, ...bug };
};
