// English: what needs somebody.
import type { ExceptionRow } from '../../../../protocol/local/exceptions.ts';
import type { Notice } from '../../../../protocol/local/window.ts';
import { moment, number } from '../../format.ts';
import { counted } from './counted.ts';
import { roomFor } from './now.ts';

const OWNERS: Record<ExceptionRow['owner'], string> = {
  store: 'Your store',
  'inventory-control': 'Stock control at head office',
  finance: 'Accounts at head office',
  it: 'IT',
};

const NOTICE_TITLES: Record<Notice['code'], string> = {
  'restored-from-mirror': 'Sales were put back from the second copy',
  'one-copy-only': 'Only one copy of your sales is being kept',
  'disk-nearly-full': 'The disk of this PC is nearly full',
  held: 'Sending has stopped',
  'new-epoch': 'This PC started a fresh record with head office',
  'trial-central': 'This is a trial: head office is only a demonstration',
  'central-renewed': 'Head office was put back or set up anew',
  'entry-damaged': 'A sale cannot be read on this PC any more',
  'decisions-lost': 'Head office lost decisions about your stock',
  'settings-wrong': 'The settings of this store are not right',
  'update-put-back': 'A new version of this program did not run and was taken back',
  'update-stuck': 'A new version of this program does not run',
  'update-refused': 'A new version of this program was refused',
  'books-stopped': 'The stock figures on this PC stand still',
  'paused-long': 'Sending has been paused for more than a day',
  'clock-wrong': 'The clock of this PC is wrong',
  'access-taken-back': 'Head office does not take this PC',
  'moving-out': 'The store is moving away from this PC',
  'configuration-put-back': 'New settings from head office did not work here and were taken back',
  'configuration-refused': 'New settings from head office were not taken',
  'configuration-expired': 'The settings from head office are out of date',
};

export const needs = {
  heading: 'Needs you',
  count: (count: number) => (count > 1 ? `Needs you (${number(count)})` : 'Needs you'),
  nothing: 'Nothing needs you at the moment. What does shows here by itself.',
  others: (count: number) => `${counted(count, 'question', 'questions')} that others look after`,
  owners: OWNERS,
  due: (ms: number, nowMs: number) => `Please answer by ${moment(ms, nowMs)}.`,
  overdue: 'Overdue',
  wasDue: (ms: number, nowMs: number) => `Was due ${moment(ms, nowMs)}.`,
  why: (sku: string) => `Why? History of ${sku}`,
  addNote: 'Add a note',
  note: (title: string) => `Note to your answer: ${title}`,
  noteHint: 'It goes to head office with your answer. No card numbers and no customer names, please.',
  soFar: 'Head office has not confirmed this yet.',
  see: 'See',
  document: (what: string, document: string, till: string) => `${what} ${document}, ${till}`,
  answers: (title: string) => `Answers to: ${title}`,
  unanswered: 'That could not be kept. Please try again.',
  more: (left: number) => `and ${counted(left, 'more question', 'more questions')}`,
  know: 'Good to know',
  silentTill: (till: string) => `${till} has gone quiet`,
  silentSince: (ms: number, nowMs: number) => `Nothing has come from it since ${moment(ms, nowMs)}.`,
  silentTodo: (call: string) =>
    `Look whether it is switched on and its network cable is in. If it is not in use today, leave it. Otherwise ${call}.`,
  pausedLong: (who: string, why: string) =>
    `${who} paused it: “${why}”. Nothing is lost, but head office sees no sales.`,
  pausedTodo: 'Let sending go on at This PC',
  clock: (minutes: number, ahead: boolean) =>
    `It is ${counted(minutes, 'minute', 'minutes')} ${ahead ? 'ahead of' : 'behind'} head office. Receipts get wrong times.`,
  clockTodo: (call: string) =>
    `Let the PC set its time by itself (Date and time in its settings, time zone too), or ${call}.`,
  takenBack: (call: string) => `Every sale is kept here safely, and none is sent until that is put right: ${call}.`,
  movingOut: 'It takes in nothing more. Use the new PC from now on.',
  diskDays: (days: number, call: string) =>
    `At the pace of the last weeks there is room for ${roomFor(days)}. Delete what is not needed from this PC, or ${call}.`,
  setAside: (count: number) => `${counted(count, 'document', 'documents')} could not be placed`,
  setAsideTodo: 'They are kept as they came and are not counted as sales until someone looks at them.',
  titles: NOTICE_TITLES,
};
