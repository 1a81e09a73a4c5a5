// What the window says, in German.
import { moment, relative } from '../format.ts';
import { articles } from './de/articles.ts';
import { count } from './de/count.ts';
import { counted } from './de/counted.ts';
import { desktop } from './de/desktop.ts';
import { goods } from './de/goods.ts';
import { headline } from './de/headline.ts';
import { needs } from './de/needs.ts';
import { chart, facts, tills } from './de/now.ts';
import { past } from './de/past.ts';
import { pc } from './de/pc.ts';
import { product } from './de/product.ts';
import { proposed } from './de/proposed.ts';
import { questions } from './de/questions.ts';
import { find, life, recent } from './de/receipts.ts';
import { setAside } from './de/set-aside.ts';
import { history, stock } from './de/stock.ts';
import { told } from './de/told.ts';
import { tryFile } from './de/try.ts';
import type { Messages } from './en.ts';

export const de: Messages = {
  store: (id: string) => `Laden ${id}`,
  tradingDay: 'Verkaufstag',
  trial: 'Versuch',
  none: 'Keine',
  nothing: 'Nichts',
  unknown: '–',
  ago: (ms: number, nowMs: number) => (nowMs - ms < 1_000 ? 'Gerade eben' : relative(ms, nowMs)),
  sinceFor: (ms: number, nowMs: number) =>
    nowMs - ms < 60_000 ? `seit ${moment(ms, nowMs)}` : `seit ${moment(ms, nowMs)}, ${relative(ms, nowMs)}`,
  title: (sentence: string, store: string) => `${sentence} · ${store} · Tillwire`,

  rooms: {
    label: 'Räume dieses Fensters',
    names: {
      now: 'Jetzt',
      needs: 'Braucht Sie',
      receipts: 'Belege',
      stock: 'Bestand',
      count: 'Zählen',
      goods: 'Lieferungen',
      'set-aside': 'Nicht zugeordnet',
      pc: 'Dieser PC',
    },
    waiting: (name: string, count: number) => (count === 0 ? name : `${name} (${counted(count, 'Sache', 'Sachen')})`),
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
