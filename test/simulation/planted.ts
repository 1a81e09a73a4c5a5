// The bugs themselves: each a port of the run that is wrapped, anew for each run.
import type { Before } from '../../central/fold.ts';
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
const takesOtherEpochs = ({ outbox, dial }: AgentPorts): AgentPorts => ({
  dial,
  outbox: {
    ...outbox,
    async heads() {
      const heads = await outbox.heads();
      const proof = await outbox.lastProof();
      if (proof === null || heads.settled > 0) return heads;
      const { seq } = JSON.parse(proof) as Mark;
      const through = Math.min(seq, heads.seq);
      if (through > 0) await outbox.settle(heads.epoch, through, proof, null);
      return outbox.heads();
    },
  },
});

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

type Posted = { store: string; seq: number; key: string; epoch: number };
/** What central takes for known: by the keys that it holds, and by what it posted so far. */
type Knows = (entry: { key: string; seq: number; isKnown: boolean }, epoch: number, posted: Posted[]) => boolean;

/** Central de-duplicates by something else than the key. What it posts again claims no key, for keys are unique. */
const knowing = (knows: Knows): Plants => {
  const posted: Posted[] = [];
  return {
    ...NOTHING_PLANTED,
    ledger: inTransactions((tx) => {
      let epoch = 1;
      return {
        ...tx,
        streams: {
          ...tx.streams,
          async lock(store, instance) {
            const stream = await tx.streams.lock(store, instance);
            epoch = stream?.epoch?.ordinal ?? 1;
            return stream;
          },
        },
        postings: {
          async loadBefore(store, arrived) {
            const before = await tx.postings.loadBefore(store, arrived);
            const own = posted.filter((one) => one.store === store);
            const keys: Before['keys'] = new Map();
            for (const { seq, read } of arrived) {
              if (read === null) continue;
              const { key } = read.fact;
              if (knows({ key, seq, isKnown: before.keys.has(key) }, epoch, own)) keys.set(key, read.hash);
            }
            return { ...before, keys };
          },
          async writePosted(context, entries, after, batches) {
            const again = new Set(posted.map(({ key }) => key));
            await tx.postings.writePosted(
              context,
              entries.map((entry) => {
                const { read, seq } = entry.arrived;
                if (read === null || !again.has(read.fact.key)) return entry;
                const fact = { ...read.fact, key: `${read.fact.key} at ${context.epoch.ordinal}:${seq}` };
                return { ...entry, arrived: { ...entry.arrived, read: { ...read, fact } } };
              }),
              after,
              batches,
            );
            for (const { arrived, result } of entries) {
              const key = arrived.read?.fact.key;
              if (key === undefined || result.outcome === 'duplicate') continue;
              posted.push({ store: context.store, seq: arrived.seq, key, epoch: context.epoch.ordinal });
            }
          },
        },
      };
    }),
  };
};

export const forgetsKeys = (): Plants => knowing(() => false);
export const knowsBySequence = (): Plants => knowing(({ seq }, _, posted) => posted.some((one) => one.seq === seq));
export const knowsByEpoch = (): Plants =>
  knowing(({ key, isKnown }, epoch, posted) => isKnown && posted.some((one) => one.key === key && one.epoch === epoch));

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
