// How everything stands when a run is over, read from the journals and the ledger themselves.
import { claimId } from '../../core/claim-order.ts';
import { bucketHex } from '../../core/digest.ts';
import { contentHash, type Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { factName } from '../../core/order.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Agent } from './agent.ts';
import type { Central } from './central-node.ts';
import type { Point } from './coverage.ts';
import type { Final, History } from './history.ts';
import { type Refolded, recordedBy, refold } from './refold.ts';
import type { Shop } from './shop.ts';

type Held = Final['journals'][number]['held'];

const PAGE_ENTRIES = 500;
const PAGE_BYTES = 10_000_000;

export type FinalParts = {
  unsettled: string[];
  history: History;
  central: Central;
  agents: Agent[];
  shops: ReadonlyMap<string, Shop>;
};

export function finalOf({ unsettled, history, central, agents, shops }: FinalParts): Final {
  const rows = central.rows();
  const known = new Map<string, Refolded>();
  function refolded(store: string): Refolded {
    const { recorded, log } = recordedBy(central.read, store);
    const folded = known.get(store) ?? refold(store, recorded, log);
    known.set(store, folded);
    return folded;
  }
  return {
    stores: central.read.stores(),
    central: central.read,
    refolded,
    agents: agents.map((agent) => ({
      name: agent.name,
      store: agent.store,
      isRetired: agent.isRetired(),
      journal: agent.journal(),
    })),
    shops,
    seen: { exact: 0, named: 0, left: 0 },
    marks: { movements: 0, unclear: 0 },
    hasSettled: unsettled.length === 0,
    unsettled,
    documents: history.documents(),
    centralMs: central.clock.wallMs(),
    ledger: rows,
    journals: agents.map((agent) => ({
      agent: agent.name,
      isRetired: agent.isRetired(),
      held: heldIn(agent),
    })),
    destroyed: history.destroyed,
    wasCentralRestored: history.wasCentralRestored(),
  };
}

/** All that a computer's journal holds, whether its program runs or not. */
export function heldIn(agent: Agent): Held {
  const running = agent.journal();
  return running === null ? agent.disk.look(agent.store, heldBy) : heldBy(running);
}

function heldBy(journal: Journal): Held {
  return journal.epochs().flatMap(({ epoch }) => {
    const held: Held = [];
    for (let after = 0; ; ) {
      const page = journal.page(epoch, after, PAGE_ENTRIES, PAGE_BYTES);
      for (const { seq, bytes } of page) {
        const fact = read(bytes);
        if (fact !== null) held.push({ key: fact.key, content: contentHash(sha256, fact.content), seq, epoch });
      }
      const last = page.at(-1);
      if (last === undefined) return held;
      after = last.seq;
    }
  });
}

/** Null where the disk changed its bytes: what was settled is not looked at again at each start. */
function read(bytes: Uint8Array): Fact | null {
  try {
    return JSON.parse(text(bytes)) as Fact;
  } catch {
    return null;
  }
}

/** Where the confirmed book of a store is not at central's newest cut, in words; null where it is. */
export function howApart(agent: Agent, central: Central): string | null {
  const journal = agent.journal();
  const stream = central.read.stream(agent.store);
  if (journal === null || stream === undefined) return journal === null ? 'down' : null;
  const { dseq } = journal.directives();
  if (dseq !== stream.heldDseq || stream.dseq !== stream.heldDseq) {
    return `d${dseq} applied, d${stream.dseq} of d${stream.heldDseq} stepped`;
  }
  const { at, dseq: confirmed } = journal.sums().cut;
  const isThere = confirmed === dseq && at.epoch === (stream.epoch?.ordinal ?? 0) && at.seq === stream.seq;
  if (isThere && agent.isDiffering() && !isBook(journal, stream.buckets)) return 'another book';
  return isThere ? null : `confirmed ${factName(at)} d${confirmed} of ${stream.epoch?.ordinal}:${stream.seq} d${dseq}`;
}

const isBook = (journal: Journal, buckets: Uint8Array): boolean =>
  journal.sums().sums.every((sum, bucket) => sum === bucketHex(buckets, bucket));

/** What can be seen of a run only when it is over. */
export function reachEnds({ stores, refolded, central }: Final, reach: (point: Point) => void): void {
  for (const store of stores) {
    const { all, log } = refolded(store);
    if (log.some(({ body }) => body.kind === 'release-reservation' && body.why === 'expired'))
      reach('reservation expired');
    if (all.some(({ changes }) => changes.length > 0)) reach('correction absorbed');
    const lines = all.flatMap((one) => one.lines);
    if (lines.some(({ outcome }) => outcome === 'restated')) reach('fact restated');
    if (lines.some(({ outcome }) => outcome === 'waiting')) reach('fact waits');
    if (lines.some(({ other }) => other !== null)) reach('outcome unclear');
    if (lines.some(({ reason }) => reason === 'late-for-period')) reach('late for a closed period');
  }
  for (const { closed, claims } of central.claims('')) {
    const known = new Set([...closed.values()].flatMap((verdicts) => verdicts.map(({ claim }) => claim)));
    if (closed.size > 0 && claims.some((claim) => !known.has(claimId(claim)))) reach('claimed after closing');
  }
  const verdicts = central.claims('').flatMap((row) => [...row.verdicts.values()]);
  if (verdicts.some(({ disputed }) => disputed > 0)) reach('claim disputed');
}
