// Bugs in the conflict law, planted where its input passes: facts at capture, decisions at the agent, books at central.
import type { LedgerTx } from '../../central/ports.ts';
import type { Captured } from '../../core/captured.ts';
import type { DecisionBody, Directive } from '../../core/decision.ts';
import { directiveBytes } from '../../core/decision.ts';
import type { Journal } from '../../storage/journal.ts';
import type { ReceivedDirective } from '../../sync/ports.ts';
import { NOTHING_PLANTED, type Plants } from './plants.ts';

const inTransactions =
  (change: (tx: LedgerTx) => Partial<LedgerTx>): Plants['ledger'] =>
  (ledger) => ({ transaction: (work) => ledger.transaction((tx) => work({ ...tx, ...change(tx) })) });

/** The agent keeps other decisions than it was sent; their chain and signatures are those of the real ones. */
const deciding = (change: (directive: Directive, journal: Journal) => Partial<Directive>): Plants => ({
  ...NOTHING_PLANTED,
  journal: (journal) => ({
    ...journal,
    applyDirectives(received) {
      const changed = received.map((one): ReceivedDirective => {
        const directive = { ...one.directive, ...change(one.directive, journal) };
        return { ...one, directive, bytes: directiveBytes(directive) };
      });
      return journal.applyDirectives(changed);
    },
  }),
});

const NOTHING: DecisionBody = { kind: 'period-closed', through: '2000-01-01' };

export const basisIgnored = (): Plants =>
  deciding(({ basis }, journal) => {
    const { epoch, seq } = journal.heads();
    return epoch.ordinal === basis.epoch ? { basis: { epoch: epoch.ordinal, seq } } : {};
  });
export const refusalForgotten = (): Plants => deciding(({ body }) => (body.kind === 'refuse' ? { body: NOTHING } : {}));
export const releaseForgotten = (): Plants =>
  deciding(({ body }) => (body.kind === 'release' ? { body: NOTHING } : {}));

export const periodForgotten = (): Plants =>
  deciding(({ body }) => (body.kind === 'period-closed' ? { body: NOTHING } : {}));

/** What a comparison finds is told to nobody, and nothing is folded anew. */
export const differenceIgnored = (): Plants => ({
  ...NOTHING_PLANTED,
  journal: (journal) => ({ ...journal, mend: () => [] }),
});

/** What the mark before said of its own cut is taken for what this one says of another. */
export const otherCutCompared = (): Plants => ({
  ...NOTHING_PLANTED,
  journal(journal) {
    let before: Parameters<Journal['settle']>[3] = null;
    return {
      ...journal,
      settle(epoch, seq, frame, stated) {
        const told = stated === null || before === null ? stated : { ...before, dseq: stated.dseq };
        before = stated ?? before;
        journal.settle(epoch, seq, frame, told);
      },
    };
  },
});

type Loaded = Awaited<ReturnType<LedgerTx['postings']['load']>>;

const loading = (change: (book: Loaded) => void): Plants => ({
  ...NOTHING_PLANTED,
  ledger: inTransactions((tx) => ({
    postings: {
      ...tx.postings,
      async load(store, wanted) {
        const book = await tx.postings.load(store, wanted);
        change(book);
        return book;
      },
    },
  })),
});

export const countOrderIgnored = (): Plants =>
  loading(({ shelves }) => {
    for (const { newest } of shelves.values())
      if (newest !== null) newest.moment = { ...newest.moment, lo: null, hi: 0 };
  });
export const unitAppears = (): Plants =>
  loading(({ shelves }) => {
    for (const { places } of shelves.values()) places.shelf += 1;
  });

export const returnsUnjudged = (): Plants => ({
  ...NOTHING_PLANTED,
  ledger: inTransactions((tx) => ({
    tasks: { ...tx.tasks, add: (tasks) => tx.tasks.add(tasks.filter(({ kind }) => kind !== 'claims')) },
  })),
});
export const residueForgotten = (): Plants => ({
  ...NOTHING_PLANTED,
  ledger: inTransactions((tx) => ({
    tasks: { ...tx.tasks, add: (tasks) => tx.tasks.add(tasks.filter(({ kind }) => kind !== 'transfer')) },
  })),
});
/** Whoever claims closed goods is judged as if nobody had closed them. */
export const closingForgotten = (): Plants => ({
  ...NOTHING_PLANTED,
  ledger: inTransactions((tx) => ({
    claims: {
      ...tx.claims,
      read: async (sale, lock) => ({ ...(await tx.claims.read(sale, lock)), closed: new Map() }),
    },
  })),
});
export const arrivalForgotten = (): Plants => ({
  ...NOTHING_PLANTED,
  ledger: inTransactions((tx) => ({
    transfers: { ...tx.transfers, note: (lines) => tx.transfers.note(lines.filter(({ way }) => way !== 'received')) },
  })),
});

const capturing = (change: (captured: Captured, nowMs: number) => Captured): Plants => ({
  ...NOTHING_PLANTED,
  captured: change,
});

/** As if it had happened when it was captured. */
export const countAtCapture = (): Plants =>
  capturing((captured, nowMs) =>
    captured.content.kind === 'stocktake'
      ? { ...captured, skew: { ms: Math.round(nowMs - Date.parse(captured.content.occurred)), boundMs: 1 } }
      : captured,
  );
export const allUnclear = (): Plants =>
  capturing(({ skew, ...captured }) => (captured.content.kind === 'stocktake' ? { ...captured, skew } : captured));
export const tillTimeBelieved = (): Plants => capturing((captured) => ({ ...captured, skew: { ms: 0, boundMs: 1 } }));

/** A clock that was set seems to run on: no new stretch of it begins. */
export const framesIgnored = (): Plants => ({
  ...NOTHING_PLANTED,
  clock: (clock) => ({ wallMs: clock.wallMs, monotonicMs: clock.wallMs }),
});
export const reservedNotCounted = (): Plants => ({
  ...NOTHING_PLANTED,
  counted: (found, reserved) => Math.max(0, found - reserved),
});
