// What passes between the agent and its storage worker: requests by number, answers, and what the worker tells unasked.
import type { Captured } from '../core/captured.ts';
import type { Appended } from './append.ts';
import type { Confirmed } from './confirm.ts';
import type { ToldError } from './errors.ts';
import type { Journal } from './journal.ts';

/** Methods of the journal that the agent may call as they are. */
export const METHODS = [
  'appendTogether',
  'captureUnder',
  'heads',
  'epochs',
  'page',
  'chainAt',
  'settle',
  'lastProof',
  'beginEpoch',
  'readSetting',
  'writeSetting',
  'keepAside',
  'listAside',
  'resolveAside',
  'cameIn',
  'cursor',
  'snapshot',
  'recent',
  'chart',
  'findReceipt',
  'search',
  'receiptLife',
  'numbered',
  'directives',
  'directivesPage',
  'applyDirectives',
  'canonicalEpochs',
  'closedAt',
  'historyState',
  'missing',
  'doubtCommon',
  'keepBranch',
  'supersede',
  'sums',
  'mend',
  'provisional',
  'exceptions',
  'exceptionCounts',
  'findException',
  'explainSku',
  'outcome',
  'findDocument',
  'heldSkus',
  'tillDays',
  'catalogueState',
  'beginCatalogue',
  'putProducts',
  'sweepProducts',
  'endCatalogue',
  'nameArticles',
  'productValues',
  'propose',
  'openProposals',
  'proposalsOf',
  'tellProposals',
  'stockPage',
  'findArticles',
  'shelfCard',
  'articleNames',
  'transfers',
  'goodsDocuments',
  'deliveriesNumbered',
  'goodsDraft',
  'goodsDrafts',
  'beginGoodsDraft',
  'saveGoodsDraft',
  'freezeGoodsDraft',
  'goodsDraftKept',
  'dropGoodsDraft',
  'tillsSeen',
  'beginCount',
  'countSheets',
  'countLines',
  'countedSum',
  'countedLine',
  'addCounted',
  'correctCounted',
  'removeCounted',
  'undoCounted',
  'uncounted',
  'countAbsent',
  'countFigures',
  'countHeld',
  'reviewCount',
  'holdCount',
  'releaseCount',
  'giveUpCount',
] as const satisfies (keyof Journal)[];

export type Method = (typeof METHODS)[number];
export type Args<M extends Method> = Parameters<Journal[M]>;
export type Result<M extends Method> = ReturnType<Journal[M]>;

export type WorkerOptions = {
  folder: string;
  mirrorFolder?: string | undefined;
  store: string;
};

export type Request =
  | { kind: 'append'; captures: { id: number; captured: Captured }[] }
  | { kind: 'call'; id: number; method: Method; args: unknown[] }
  | { kind: 'close'; id: number };

export type Answer =
  | { kind: 'opened' }
  /** The journal could not be opened, or failed for good; the worker is gone. */
  | { kind: 'fault'; error: ToldError }
  /** One group: its answers, and the newest sequence number where something was captured. */
  | { kind: 'appended'; outcomes: { id: number; outcome: Appended }[]; seq: number | null }
  /** The book has come to a cut that a mark stated. */
  | { kind: 'confirmed'; confirmed: Confirmed }
  /** The book cannot go on, for a reason of its own; all else does. */
  | { kind: 'book-stopped'; reason: string }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'refused'; id: number; error: ToldError };
