// English: the first room.
import { number } from '../../format.ts';

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
  ranges: { quarter: '15 min', hour: 'Hour', day: 'Day' },
  captured: 'Taken in',
  confirmed: 'Confirmed',
  waiting: 'Waiting',
  caption: 'Sales taken in and confirmed, counted up over the time shown',
  from: 'From',
  summary: (range: string, captured: number, confirmed: number, waiting: number) =>
    `In the last ${range}: ${number(captured)} taken in, ${number(confirmed)} confirmed by head office, ${number(waiting)} waiting now.`,
  spans: { quarter: '15 minutes', hour: 'hour', day: '24 hours' },
  asTable: 'Show as a table',
  empty: 'Nothing was taken in during this time.',
};
