// The bugs themselves: each a port of the run that is wrapped, anew for each run.
import type { LedgerTx } from '../../central/ports.ts';
import type { Captured } from '../../core/captured.ts';
import { decodeFrame } from '../../protocol/wire/codec.ts';
import type { Batch, Mark, Welcome } from '../../protocol/wire/frames.ts';
import { type AgentPorts, NOTHING_PLANTED, type Plants } from './plants.ts';

const settlesAtPuback = ({ outbox, dial }: AgentPorts): AgentPorts => ({
  outbox,
  dial: (options, events) => {
    const link = dial(options, events);
    return {
      ...link,
      publish(topic, payload, retain) {
        const taken = link.publish(topic, payload, retain);
        const decoded = decodeFrame(payload);
        if (decoded.ok && decoded.frame.kind === 'batch') {
          const { epoch, last } = decoded.frame satisfies Batch;
          taken.then(() => outbox.settle(epoch, last, '', null)).catch(() => {});
        }
        return taken;
      },
    };
  },
});

/** Whatever central names as its chain is taken for our own. */
function comparesNoChain({ outbox, dial }: AgentPorts): AgentPorts {
  let said: Welcome | Mark | null = null;
  return {
    outbox: {
      ...outbox,
      async chainAt(epoch, seq) {
        const own = await outbox.chainAt(epoch, seq);
        const isAsked = said !== null && said.seq === seq && said.epoch?.life === epoch.life;
        return isAsked && own !== null ? (said?.chain ?? own) : own;
      },
    },
    dial: (options, events) =>
      dial(options, {
        ...events,
        message(topic, payload) {
          const decoded = decodeFrame(payload);
          if (decoded.ok && (decoded.frame.kind === 'welcome' || decoded.frame.kind === 'mark')) said = decoded.frame;
          events.message(topic, payload);
        },
      }),
  };
}

/** The last proof is believed for whatever epoch is open now. */
function takesOtherEpochs({ outbox, dial }: AgentPorts): AgentPorts {
  let most = 0;
  async function believe(): Promise<void> {
    const [heads, proof] = [await outbox.heads(), await outbox.lastProof()];
    if (proof === null) return;
    most = Math.max(most, (JSON.parse(proof) as Mark).seq);
    if (heads.settled > 0) return;
    const through = Math.min(most, heads.seq);
    if (through > 0) await outbox.settle(heads.epoch, through, proof, null);
  }
  return {
    dial,
    outbox: {
      ...outbox,
      async heads() {
        await believe();
        return outbox.heads();
      },
      async page(...args) {
        const page = await outbox.page(...args);
        await believe();
        return page;
      },
    },
  };
}

const splitsReceipts: Plants['journal'] = (journal) => ({
  ...journal,
  appendGroup: (captures) => {
    const halves = captures.flatMap(halved);
    const answers = journal.appendGroup(halves.map(({ captured }) => captured));
    return halves.flatMap(({ isFirst }, index) => (isFirst ? answers.slice(index, index + 1) : []));
  },
});

function halved(captured: Captured): { captured: Captured; isFirst: boolean }[] {
  const { content } = captured;
  if (content.kind !== 'sale' || content.lines.length < 2) return [{ captured, isFirst: true }];
  const part = (receipt: string, from: number, to?: number): Captured => ({
    ...captured,
    clientKey: `${captured.clientKey}${receipt}`,
    content: { ...content, receipt, lines: content.lines.slice(from, to) },
  });
  return [
    { captured: part(content.receipt, 0, 1), isFirst: true },
    { captured: part(`${content.receipt}b`, 1), isFirst: false },
  ];
}

const inTransactions =
  (change: (tx: LedgerTx) => LedgerTx): Plants['ledger'] =>
  (ledger) => ({ transaction: (work) => ledger.transaction((tx) => work(change(tx))) });

type Posted = { store: string; key: string; epoch: number };
/** What central takes for known: by the keys that it holds, and by what it posted so far. */
type Knows = (entry: { key: string; seq: number; isKnown: boolean }, head: Head, posted: Posted[]) => boolean;
type Head = { epoch: number; seqs: number };

/** Central de-duplicates by something else than the key. What it posts again claims no key, for keys are unique. */
const knowing = (knows: Knows): Plants => {
  let posted: Posted[] = [];
  const most = new Map<string, number>();
  return {
    ...NOTHING_PLANTED,
    ledger: inTransactions((tx) => {
      let [epoch, seq] = [1, 0];
      return {
        ...tx,
        streams: {
          ...tx.streams,
          async lock(store, instance) {
            const stream = await tx.streams.lock(store, instance);
            epoch = stream?.epoch?.ordinal ?? 1;
            seq = stream?.seq ?? 0;
            return stream;
          },
        },
        postings: {
          async load(store, wanted) {
            const book = await tx.postings.load(store, wanted);
            const own = posted.filter((one) => one.store === store);
            const keys: typeof book.keys = new Map();
            for (const [index, key] of [...wanted.keys].entries()) {
              const known = book.keys.get(key);
              const entry = { key, seq: seq + 1 + index, isKnown: known !== undefined };
              const head = { epoch, seqs: most.get(store) ?? 0 };
              if (knows(entry, head, own)) keys.set(key, known ?? { at: { epoch, seq: 0 }, hash: '' });
            }
            return { ...book, keys };
          },
          async write(done, batches) {
            const { store } = done.stream;
            const again = new Set(posted.filter((one) => one.store === store).map(({ key }) => key));
            await tx.postings.write({ ...done, keys: done.keys.filter(({ key }) => !again.has(key)) }, batches);
            posted = [...posted, ...done.keys.map(({ key, at }) => ({ store, key, epoch: at.epoch }))];
            most.set(store, Math.max(most.get(store) ?? 0, done.stream.seq));
          },
        },
      };
    }),
  };
};

export const forgetsKeys = (): Plants => knowing(() => false);
export const knowsBySequence = (): Plants => knowing(({ seq }, { epoch, seqs }) => epoch > 1 && seq <= seqs);
export const knowsByEpoch = (): Plants =>
  knowing(
    ({ key, isKnown }, { epoch }, posted) => isKnown && posted.some((one) => one.key === key && one.epoch === epoch),
  );

export const settledAtPuback = (): Plants => ({ ...NOTHING_PLANTED, agent: settlesAtPuback });
export const chainNotCompared = (): Plants => ({ ...NOTHING_PLANTED, agent: comparesNoChain });
export const otherEpochBelieved = (): Plants => ({ ...NOTHING_PLANTED, agent: takesOtherEpochs });
export const receiptSplit = (): Plants => ({ ...NOTHING_PLANTED, journal: splitsReceipts });
export const answerBeforeSync = (): Plants => ({ ...NOTHING_PLANTED, answersBeforeSync: true });

export const answerBeforeCommit = (): Plants => ({
  ...NOTHING_PLANTED,
  ledger: (ledger, later) => ({
    transaction: (work) =>
      new Promise((resolve, reject) => {
        const underway = ledger.transaction(async (tx) => {
          const value = await work(tx);
          resolve(value);
          await later(300);
          return value;
        });
        underway.catch(reject);
      }),
  }),
});

export const fenceIgnored = (): Plants => ({
  ...NOTHING_PLANTED,
  ledger: inTransactions((tx) => ({
    ...tx,
    streams: {
      ...tx.streams,
      async lock(store, instance) {
        const stream = await tx.streams.lock(store, instance);
        return stream === null ? null : { ...stream, fromSuperseded: false };
      },
    },
  })),
});

/** What a mark once proved is taken for common with central for ever. */
export const commonForEver = (): Plants => ({
  ...NOTHING_PLANTED,
  agent: ({ outbox, dial }) => ({ dial, outbox: { ...outbox, doubtCommon: async () => false } }),
});

/** Central's first word is kept to, whatever it says after it was put back. */
export const firstWordKept = (): Plants => ({
  ...NOTHING_PLANTED,
  agent: ({ outbox, dial }) => ({ dial, outbox: { ...outbox, supersede: async () => {} } }),
});
