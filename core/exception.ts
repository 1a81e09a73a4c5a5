// What needs a person: types with owner, deadline, next step in plain words, and the answers they may give.

export type Owner = 'store' | 'inventory-control' | 'finance' | 'it';

type Policy = {
  owner: Owner;
  /** Hours until the policy's own answer applies, or somebody is reminded. */
  hours: number;
  title: string;
  nextStep: string;
  /** Answers by name, in words of a button. */
  options: Record<string, string>;
  /** The answer that a timer gives at the deadline; null where only a person may (R16). */
  atDeadline: string | null;
};

export const EXCEPTIONS = {
  oversold: {
    owner: 'store',
    hours: 48,
    title: 'More was sold than the books held',
    nextStep: 'Look at the shelf and count what is there.',
    options: { counted: 'Counted', accept: 'Leave it' },
    atDeadline: null,
  },
  'rival-count': {
    owner: 'store',
    hours: 24,
    title: 'Two counts of a shelf disagree',
    nextStep: 'Count the shelf once more.',
    options: { counted: 'Counted', accept: 'The later one is right' },
    atDeadline: null,
  },
  recount: {
    owner: 'store',
    hours: 48,
    title: 'A count could not be used',
    nextStep: 'Count the shelf once more: the count came in too late or took too long.',
    options: { counted: 'Counted', accept: 'Leave it' },
    atDeadline: 'accept',
  },
  'reservation-short': {
    owner: 'inventory-control',
    hours: 4,
    title: 'Reserved goods are not there any more',
    nextStep: 'Offer the customer another store or cancel the order.',
    options: { move: 'Another store', cancel: 'Cancel', wait: 'Wait for goods' },
    atDeadline: null,
  },
  'reservation-gone': {
    owner: 'inventory-control',
    hours: 48,
    title: 'Collected after the reservation was given up',
    nextStep: 'Check that the customer was charged once.',
    options: { accept: 'Checked' },
    atDeadline: 'accept',
  },
  'correction-absorbed': {
    owner: 'inventory-control',
    hours: 72,
    title: 'A count replaced a book correction',
    nextStep: 'Nothing, if the correction was about what the count has now seen.',
    options: { accept: 'Fine', again: 'Correct again' },
    atDeadline: 'accept',
  },
  'set-aside': {
    owner: 'inventory-control',
    hours: 24,
    title: 'A document could not be posted',
    nextStep: 'Find out what is wrong with it, then release it.',
    options: { release: 'Release', keep: 'Keep it aside' },
    atDeadline: null,
  },
  'void-twice': {
    owner: 'store',
    hours: 48,
    title: 'A receipt was voided twice',
    nextStep: 'Check the till roll.',
    options: { accept: 'Checked' },
    atDeadline: 'accept',
  },
  'void-of-unknown': {
    owner: 'store',
    hours: 48,
    title: 'The voided receipt has not been seen',
    nextStep: 'Check that the till has sent all its receipts.',
    options: { accept: 'Checked' },
    atDeadline: 'accept',
  },
  'undo-impossible': {
    owner: 'store',
    hours: 48,
    title: 'A document could not be taken back',
    nextStep: 'Count the shelf.',
    options: { counted: 'Counted', accept: 'Leave it' },
    atDeadline: null,
  },
  'delivery-differs': {
    owner: 'inventory-control',
    hours: 72,
    title: 'A delivery differs from its order',
    nextStep: 'Tell the supplier or the sending store.',
    options: { accept: 'Told them' },
    atDeadline: null,
  },
  'transfer-residue': {
    owner: 'inventory-control',
    hours: 72,
    title: 'Units of a transfer have not arrived',
    nextStep: 'Ask both stores, then write the rest off.',
    options: { 'write-off': 'Write off', wait: 'Wait' },
    atDeadline: null,
  },
  'return-disputed': {
    owner: 'finance',
    hours: 72,
    title: 'The same goods were returned twice',
    nextStep: 'Look at both receipts.',
    options: { goodwill: 'Leave both refunds', recover: 'Recover one refund' },
    atDeadline: null,
  },
  'late-for-period': {
    owner: 'finance',
    hours: 72,
    title: 'A document of a closed month came in',
    nextStep: 'It was posted into the next open month.',
    options: { accept: 'Seen' },
    atDeadline: 'accept',
  },
  'till-differs': {
    owner: 'store',
    hours: 24,
    title: 'The till says something else than what was captured',
    nextStep: 'Let the till send what is missing, or compare its Z report with the receipts that are here.',
    options: { compared: 'Compared again', accept: 'Explained' },
    atDeadline: null,
  },
  fork: {
    owner: 'it',
    hours: 24,
    title: 'The records of a store were put back or copied',
    nextStep: 'Find out which computer is the right one.',
    options: { accept: 'Understood' },
    atDeadline: null,
  },
  'position-differs': {
    owner: 'it',
    hours: 24,
    title: 'Store and head office disagree on a shelf',
    nextStep: 'Compare the history of the shelf on both sides.',
    options: { repair: 'Repair from head office', accept: 'Understood' },
    atDeadline: null,
  },
} as const satisfies Record<string, Policy>;

export type ExceptionType = keyof typeof EXCEPTIONS;
export const EXCEPTION_TYPES = Object.keys(EXCEPTIONS) as [ExceptionType, ...ExceptionType[]];

/** One question to a person. `id` is the same on both sides, because both derive it from the same entry. */
export type ExceptionDraft = {
  id: string;
  type: ExceptionType;
  sku: string | null;
  /** Names of the entries that explain it ("1:55", "d7"). */
  evidence: string[];
  /** What happened, in a sentence. */
  message: string;
  /** Milliseconds since 1970 of the entry that raised it: its deadline counts from there. */
  raisedMs: number;
};

export const exceptionId = (type: ExceptionType, entry: string, subject: string): string =>
  `${type}/${entry}/${subject}`;

const HOUR_MS = 3_600_000;

export const policyOf = (type: ExceptionType): Policy => EXCEPTIONS[type];

/** Hours by type, where a store's configuration says others than the policy. */
export type DeadlineHours = { readonly [Type in ExceptionType]?: number | undefined };

/** Of what a configuration says of conflicts. */
export const hoursIn = (conflicts: { readonly [type: string]: { hours: number } | undefined } = {}): DeadlineHours =>
  Object.fromEntries(Object.entries(conflicts).map(([type, said]) => [type, said?.hours]));

export const deadlineOf = (
  { type, raisedMs }: Pick<ExceptionDraft, 'type' | 'raisedMs'>,
  hours: DeadlineHours = {},
): number => raisedMs + (hours[type] ?? policyOf(type).hours) * HOUR_MS;
