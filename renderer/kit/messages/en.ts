// What the window says, in English: plain words, right plurals, nothing that only a technician would know.
import { moment, relative } from '../format.ts';
import { articles } from './en/articles.ts';
import { count } from './en/count.ts';
import { counted } from './en/counted.ts';
import { desktop } from './en/desktop.ts';
import { goods } from './en/goods.ts';
import { headline } from './en/headline.ts';
import { needs } from './en/needs.ts';
import { chart, facts, tills } from './en/now.ts';
import { past } from './en/past.ts';
import { pc } from './en/pc.ts';
import { product } from './en/product.ts';
import { proposed } from './en/proposed.ts';
import { questions } from './en/questions.ts';
import { find, life, recent } from './en/receipts.ts';
import { setAside } from './en/set-aside.ts';
import { history, stock } from './en/stock.ts';
import { told } from './en/told.ts';
import { tryFile } from './en/try.ts';

export const en = {
  store: (id: string) => `Store ${id}`,
  tradingDay: 'Trading day',
  trial: 'Trial',
  none: 'None',
  nothing: 'Nothing',
  unknown: '–',
  ago: (ms: number, nowMs: number) => (nowMs - ms < 1_000 ? 'Just now' : relative(ms, nowMs)),
  sinceFor: (ms: number, nowMs: number) =>
    nowMs - ms < 60_000
      ? `since ${moment(ms, nowMs)}`
      : `since ${moment(ms, nowMs)}, ${relative(ms, nowMs).replace(/ ago$/, '')}`,
  title: (sentence: string, store: string) => `${sentence} · ${store} · Tillwire`,

  rooms: {
    label: 'Rooms of this window',
    names: {
      now: 'Now',
      needs: 'Needs you',
      receipts: 'Receipts',
      stock: 'Stock',
      count: 'Count',
      goods: 'Deliveries',
      'set-aside': 'Could not be placed',
      pc: 'This PC',
    },
    waiting: (name: string, count: number) => (count === 0 ? name : `${name} (${counted(count, 'thing', 'things')})`),
  },

  headline,
  facts,
  tills,
  chart,
  needs,
  questions,
  recent,
  find,
  life,
  articles,
  count,
  history,
  stock,
  product,
  proposed,
  goods,
  setAside,
  past,
  pc,
  told,
  tryFile,
  desktop,
};

export type Messages = typeof en;
