// English: the stock room.
import { moment } from '../../format.ts';
import { counted } from './counted.ts';

export const history = {
  heading: (sku: string) => `History of ${sku}`,
  when: moment,
  decision: (name: string) => `Decision ${name} of head office`,
  onHand: (quantity: string) => `Then ${quantity} on hand.`,
  without: (document: string, quantity: string) => `Without ${document} it would read ${quantity}.`,
  nothing: 'Nothing is known of it on this PC.',
};

export const stock = {
  heading: 'Stock',
  search: 'Search by number, code or name',
  order: 'Sort by',
  orders: { sku: 'Number', name: 'Name', least: 'Least on hand', most: 'Most on hand' },
  caption: 'Articles of this store',
  article: 'Article',
  number: 'Number',
  onHand: 'On hand',
  reserved: 'Reserved',
  coming: 'To come',
  damaged: 'Damaged',
  note: 'Note',
  soFar: 'So far',
  uncounted: 'Not counted yet',
  nameless: 'No name was told yet',
  total: (count: number) => counted(count, 'article', 'articles'),
  loading: 'Fetching…',
  nothing: 'Nothing here yet. Articles show as soon as a till sells them or goods come in.',
  notFound: (text: string) => `Nothing fits “${text}”. Try part of the name, or the number on the label.`,
  noAnswer: 'The stock cannot be read at the moment. It is tried again by itself.',

  back: 'All articles',
  unknownArticle: (sku: string) => `Nothing is known of ${sku} on this PC.`,
  code: (gtin: string) => `Code ${gtin}`,
  confirmed: 'Head office has confirmed all of this.',
  confirmedWas: (quantity: string) =>
    `So far: head office has confirmed ${quantity} on hand. What happened since is safe on this PC and still on its way.`,
  confirmedNothing: 'So far: head office has not heard of this article yet. What happened is safe on this PC.',
  uncountedWhy: (quantity: string) =>
    `Nobody has counted it yet, so nobody knows how many there are. Sales and deliveries add up to ${quantity}.`,
  lastCount: (when: string, quantity: string, document: string) => `Last counted ${when}: ${quantity} (${document}).`,
  neverCounted: 'Never counted.',
  questions: 'Open questions',
  toQuestions: 'Answer it under “Needs you”',
  why: 'Why it reads this',
  chart: (sku: string, from: string, to: string) => `On hand of ${sku}, from ${from} to ${to}`,
  between: (low: string, high: string) => (low === high ? `Always ${low}` : `Lowest ${low}, highest ${high}`),
  newestFirst: 'Newest first.',
  older: (count: number) => `Show ${counted(count, 'older step', 'older steps')}`,
  otherwise: 'What is not certain',
};
