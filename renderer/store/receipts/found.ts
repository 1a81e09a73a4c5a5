// The list of what is looked for: asked again with each letter, one question at a time, the last one wins.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Place, ReceiptQuery } from '../../../protocol/local/rooms/receipts.ts';
import type { Agent } from '../agent.ts';
import { type ReceiptList, receiptList } from './rows.ts';
import { isNothing } from './typed.ts';

/** `query` is null where nothing is looked for: then the list is that of all receipts. */
export type Found = {
  query: ReceiptQuery | null;
  list: ReceiptList;
  notes: ReadonlySignal<FoundNotes>;
  /** Different for each list. */
  id: number;
};
/** isBroad: too few letters of an article. isBound: older ones were not looked at. tills: those that were asked for. */
export type FoundNotes = { isBroad: boolean; isBound: boolean; tills: string[] | null };

const NO_NOTES: FoundNotes = { isBroad: false, isBound: false, tills: null };
/** So many fill a large screen; older ones follow when somebody scrolls. */
const FOUND_ROWS = 60;
/** Answers that are quicker need no word. */
const LOOKING_MS = 250;

export type Finder = {
  /** What is shown: that of the last question that was answered. */
  found: ReadonlySignal<Found>;
  isLooking: ReadonlySignal<boolean>;
  look(query: ReceiptQuery): void;
};

let made = 0;

export function openFinder(agent: Pick<Agent, 'ask'>): Finder {
  const all = everything(agent);
  const found = signal(all);
  const isLooking = signal(false);
  let wanted: ReceiptQuery | null = null;
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    const slow = setTimeout(() => {
      isLooking.value = true;
    }, LOOKING_MS);
    while (wanted !== null) {
      const query: ReceiptQuery = wanted;
      wanted = null;
      const next = isNothing(query) ? all : looked(agent, query);
      if (next !== all) await next.list.more();
      if (wanted === null) found.value = next;
    }
    clearTimeout(slow);
    isLooking.value = false;
    isRunning = false;
  }

  return {
    found,
    isLooking,
    look(query) {
      wanted = query;
      if (!isRunning) void run();
    },
  };
}

function everything(agent: Pick<Agent, 'ask'>): Found {
  const list = receiptList((before, limit) =>
    agent.ask((client, signal) =>
      client.receipts.recent(before === undefined ? { limit } : { before, limit }, { signal }),
    ),
  );
  return { query: null, list, notes: signal(NO_NOTES), id: ++made };
}

function looked(agent: Pick<Agent, 'ask'>, query: ReceiptQuery): Found {
  const notes = signal(NO_NOTES);
  /** Up to here there was nothing: only what came in since is looked at. */
  let nothingTo: Place | undefined;
  const list = receiptList(async (before, limit, after) => {
    const isFirst = before === undefined && after === undefined;
    const from = isFirst ? nothingTo : after;
    const asked = { query, limit, ...(before && { before }), ...(from && { after: from }) };
    const answer = await agent.ask((client, signal) => client.receipts.search(asked, { signal }));
    if (answer === null) return null;
    const { rows, next, tip, isBroad, tills } = answer;
    if (isFirst && rows.length === 0) nothingTo = tip;
    if (after === undefined) notes.value = { isBroad, tills, isBound: next !== null && rows.length < limit };
    return rows;
  }, FOUND_ROWS);
  return { query, list, notes, id: ++made };
}
