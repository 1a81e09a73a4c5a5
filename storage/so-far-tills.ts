// What tills are asked about so far: documents of a till's day that are not confirmed, laid over what is.
import { emptyBook, steppedAs, wholeOutcome } from '../core/book.ts';
import { factName } from '../core/order.ts';
import { stepTill, tillDayAsked } from '../core/till-day.ts';
import type { BookReads } from './book-rows.ts';
import type { Unconfirmed } from './fold-skus.ts';
import type { History } from './history.ts';
import type { Asked } from './so-far.ts';
import type { Answer, openIndex } from './so-far-index.ts';
import type { TillBook } from './till-book.ts';

export type TillParts = {
  store: string;
  history: History;
  reads: Pick<BookReads, 'key'>;
  tills: TillBook;
  index: Pick<ReturnType<typeof openIndex>, 'tills' | 'tillIds' | 'hasReport'>;
  unconfirmed: Pick<Unconfirmed, 'putsAside'>;
  /** Number of the newest decision that was applied. */
  decided: () => number;
};

type Told = { version: string; asked: Asked[]; answers: Map<string, Answer> };

/** A till's day is looked at only from its report on, and anew when something of it came in or was confirmed. */
export function openTillsSoFar({ store, history, reads, tills, index, unconfirmed, decided }: TillParts) {
  let known = new Map<string, Told>();

  function read(name: string, ids: number[], version: string): Told {
    const told: Told = { version, asked: [], answers: new Map() };
    const book = { ...emptyBook(store), tills: new Map([[name, tills.read(name)]]), followsTills: false };
    for (const id of ids) {
      const placed = history.factAt(id);
      if (placed === null || unconfirmed.putsAside(placed.at) || reads.key(placed.fact.key) !== undefined) continue;
      const stepped = steppedAs(factName(placed.at), [wholeOutcome('posted')]);
      stepTill(book, stepped, placed.fact, placed.at);
      for (const draft of stepped.raised) told.asked.push({ draft, entry: id });
      for (const { id: question, decided: answer } of stepped.settled) {
        book.exceptions.set(question, answer);
        told.answers.set(question, { ...answer, at: placed.at, dseq: 0 });
      }
    }
    return told;
  }

  function told(name: string): Told | null {
    const ids = index.tillIds(name);
    if (ids.length === 0 || !(index.hasReport(name) || tills.isClosed(name))) return null;
    const asked = tills.asked().filter((id) => tillDayAsked(id) === name);
    const version = JSON.stringify([ids.length, ids[0], ids.at(-1), asked, decided()]);
    const before = known.get(name);
    return before?.version === version ? before : read(name, ids, version);
  }

  return {
    asked(): Asked[] {
      const now = [...index.tills()].flatMap((name): [string, Told][] => {
        const one = told(name);
        return one === null ? [] : [[name, one]];
      });
      known = new Map(now);
      return now.flatMap(([, { asked }]) => asked);
    },
    /** What came in since answered it, if it is about a till. */
    answerTo(id: string): Answer | undefined {
      const name = tillDayAsked(id);
      return name === null ? undefined : told(name)?.answers.get(id);
    },
  };
}
