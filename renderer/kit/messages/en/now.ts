// English: the first room.
import { number } from '../../format.ts';
import { counted } from './counted.ts';

const span = (days: number, about: string): string => {
  if (days >= 730) return `${about} ${counted(Math.round(days / 365), 'year', 'years')}`;
  if (days >= 60) return `${about} ${counted(Math.round(days / 30), 'month', 'months')}`;
  return counted(days, 'day', 'days');
};

/** Room for so many days, in the unit that people would use; inside a sentence. */
export const roomFor = (days: number): string => `${span(days, 'about')} of sales`;

export const facts = {
  heading: 'At a glance',
  waiting: 'Waiting to be sent',
  confirmed: 'Last confirmed by head office',
  taken: 'Last sale taken in',
  notPlaced: 'Could not be placed',
  notYet: 'Not yet',
  at: (time: string) => `at ${time}`,
  lookBelow: 'Look at them',
  allPlaced: 'every document was understood',
  allConfirmed: 'everything is confirmed',
  room: 'Room for sales on this PC',
  roomValue: (days: number) => span(days, 'About'),
  roomMore: 'at the pace of the last weeks',
  roomUnknown: 'Not known yet',
  roomFree: (free: string) => `${free} free; told after some days of sales`,
};

export const tills = {
  heading: 'Tills today',
  till: 'Till',
  sales: 'Sales',
  returns: 'Returns',
  voids: 'Voids',
  amount: 'Amount',
  last: 'Last sale',
  all: 'All tills',
  empty: 'No sales yet today. The first one shows here by itself.',
  other: 'Other tills and days',
  silent: (since: string) => `Nothing has come from it since ${since}.`,
  silentTill: (till: string, since: string) => `${till}: nothing has come from it since ${since}.`,
  onDay: (day: string, sentence: string) => `${day}: ${sentence}`,
  onNetwork: {
    heading: 'Tills on other PCs',
    addresses: 'They reach this PC at',
    fingerprint: 'Fingerprint of its certificate, to compare on the till (SHA-256)',
    problem: (why: string) => `They cannot reach this PC at the moment: ${why}`,
  },
};

export const chart = {
  heading: 'Taken in and confirmed',
  range: 'Time shown',
  ranges: { quarter: '15 min', hour: 'Hour', day: 'Day', month: 'Month' },
  captured: 'Taken in',
  confirmed: 'Confirmed',
  waiting: 'Waiting',
  caption: 'Sales taken in and confirmed, counted up over the time shown',
  from: 'From',
  summary: (range: string, captured: number, confirmed: number, waiting: number) =>
    `In the last ${range}: ${number(captured)} taken in, ${number(confirmed)} confirmed by head office, ${number(waiting)} waiting now.`,
  spans: { quarter: '15 minutes', hour: 'hour', day: '24 hours', month: '30 days' },
  asTable: 'Show as a table',
  empty: 'Nothing was taken in during this time.',
};
