// A worked example of the conflict law: what two sides wrote, folded by the product itself and told as a page.
import { formatQuantity } from '../core/amounts.ts';
import { emptyBook, noteAside, shelfOf } from '../core/book.ts';
import type { DecisionBody } from '../core/decision.ts';
import type { Fact, FactContent } from '../core/fact.ts';
import { naturalKey } from '../core/fact.ts';
import { type At, place } from '../core/order.ts';
import { sentence } from '../core/outcome.ts';
import { PLACES } from '../core/posting.ts';
import { onHand as onHandIn, type Places } from '../core/shelf.ts';
import { step } from '../core/step.ts';

const STORE = 'S001';
export const SKU = 'coffee';
const DAY = '2026-11-16';

/** Minutes and an optional uncertainty: "10:30" is sure to the second, ["10:20", "10:40"] is between. */
export type Time = string | [string, string];

export type Told =
  | {
      by: 'store';
      text: string;
      captured: string;
      happened?: Time;
      seen?: number;
      known?: number;
      content: Partial<FactContent> & Pick<FactContent, 'kind'>;
    }
  | { by: 'head office'; text: string; basis: number; body: DecisionBody };

export type Story = {
  title: string;
  /** What the reader should take away, in a paragraph. */
  rule: string;
  entries: Told[];
};

const ms = (time: string): number => Date.parse(`${DAY}T${time}:00Z`);

function factOf(told: Extract<Told, { by: 'store' }>, seq: number): Fact {
  const content = {
    workstation: '1',
    businessDate: DAY,
    occurred: `${DAY}T${told.captured}:00Z`,
    ...('receipt' in told.content ? {} : { document: `D${seq}` }),
    ...told.content,
  } as FactContent;
  const [from, to] =
    typeof told.happened === 'object'
      ? told.happened
      : [told.happened ?? told.captured, told.happened ?? told.captured];
  return {
    v: 1,
    store: STORE,
    key: naturalKey(STORE, content),
    content,
    feed: 'example',
    recorded: { ms: ms(told.captured), n: 0 },
    lo: ms(from),
    hi: Math.min(ms(to), ms(told.captured)),
    frame: 1,
    frameStart: 0,
    seen: told.seen ?? 0,
    ...(content.kind === 'stocktake' ? { known: told.known ?? told.seen ?? 0 } : {}),
    revision: 0,
  };
}

type Row = { who: string; text: string; sentences: string[]; questions: string[] };

/** Steps the entries in canonical order and tells what became of each, and what the book holds at the end. */
function play(entries: Told[]): { rows: Row[]; book: ReturnType<typeof emptyBook> } {
  const book = emptyBook(STORE);
  const facts: { at: At; told: Extract<Told, { by: 'store' }>; fact: Fact }[] = [];
  const directives: { dseq: number; basis: At; told: Extract<Told, { by: 'head office' }> }[] = [];
  for (const told of entries) {
    if (told.by === 'store') {
      const seq = facts.length + 1;
      facts.push({ at: { epoch: 1, seq }, told, fact: factOf(told, seq) });
    } else directives.push({ dseq: directives.length + 1, basis: { epoch: 1, seq: told.basis }, told });
  }
  for (const { dseq, told } of directives) noteAside(book, { dseq, body: told.body });
  const rows = new Map<string, Row>();
  for (const { fact: entry, directive } of place(facts, directives)) {
    const told = entry?.told ?? directive?.told;
    if (told === undefined) continue;
    const stepped =
      entry !== undefined
        ? step(book, { kind: 'fact', at: entry.at, read: { fact: entry.fact, hash: entry.fact.key } })
        : step(book, directiveEntry(directive, facts));
    const { name } = stepped;
    const sentences = [...new Set(stepped.lines.map((line) => sentence(line)))];
    rows.set(name, {
      who: told.by,
      text: told.text,
      sentences,
      questions: stepped.raised.map(({ message }) => message),
    });
    for (const change of stepped.changes) {
      if (change.outcome !== 'absorbed') continue;
      rows.get(change.name)?.sentences.push(sentence({ outcome: 'absorbed', reason: 'not-known-to-count' }));
    }
  }
  return { rows: [...rows.values()], book };
}

function directiveEntry(
  directive: { dseq: number; basis: At; told: Extract<Told, { by: 'head office' }> },
  facts: { at: At; fact: Fact }[],
) {
  const { dseq, basis, told } = directive;
  const { body } = told;
  const found = body.kind === 'release' ? facts.find(({ at }) => at.seq === body.fact.seq) : undefined;
  const released = found === undefined ? null : { fact: found.fact, hash: found.fact.key };
  return {
    kind: 'directive' as const,
    directive: { v: 1 as const, store: STORE, dseq, basis, by: 'example', at: 0, body },
    released,
  };
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** One example as Markdown. */
export function tell(story: Story): string {
  const { rows, book } = play(story.entries);
  const { places, newest } = shelfOf(book, SKU);
  const held = PLACES.filter((name) => places[name] !== 0).map((name) => `${name} ${formatQuantity(places[name])}`);
  const doubt = newest?.doubt;
  const onHand = onHandIn(places);
  const readings =
    doubt === undefined || (doubt.low === 0 && doubt.high === 0)
      ? ''
      : ` It could be between ${formatQuantity(onHand + doubt.low)} and ${formatQuantity(onHand + doubt.high)}, because it is not clear what came first.`;
  const table = rows.map(({ who, text, sentences, questions }) => {
    const asked = questions.map((question) => `<br>Asked: ${question}`).join('');
    return `| ${who} | ${cell(text)} | ${cell(sentences.join('<br>'))}${cell(asked)} |`;
  });
  return [
    `## ${story.title}`,
    '',
    story.rule,
    '',
    '| who | what | what the shop reads |',
    '| --- | --- | --- |',
    ...table,
    '',
    `In the end: **${formatQuantity(onHand)} on hand**.${readings} Places: ${held.join(', ')}.`,
    '',
  ].join('\n');
}

/** Where the units of an example are at the end, in thousandths. */
export const positionsOf = (entries: Told[]): Places => shelfOf(play(entries).book, SKU).places;
