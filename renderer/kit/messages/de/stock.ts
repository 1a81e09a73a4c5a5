// German: the stock room.
import { moment } from '../../format.ts';
import { counted } from './counted.ts';

export const history = {
  heading: (sku: string) => `Verlauf von ${sku}`,
  when: moment,
  decision: (name: string) => `Entscheidung ${name} der Zentrale`,
  onHand: (quantity: string) => `Danach ${quantity} da.`,
  without: (document: string, quantity: string) => `Ohne ${document} stünde da ${quantity}.`,
  nothing: 'Auf diesem PC ist nichts davon bekannt.',
};

export const stock = {
  heading: 'Bestand',
  search: 'Nach Nummer, Code oder Name suchen',
  order: 'Sortiert nach',
  orders: { sku: 'Nummer', name: 'Name', least: 'Am wenigsten da', most: 'Am meisten da' },
  caption: 'Artikel dieses Ladens',
  article: 'Artikel',
  number: 'Nummer',
  onHand: 'Da',
  reserved: 'Reserviert',
  coming: 'Kommt noch',
  damaged: 'Beschädigt',
  note: 'Bemerkung',
  soFar: 'Vorläufig',
  uncounted: 'Noch nicht gezählt',
  nameless: 'Noch kein Name bekannt',
  total: (count: number) => counted(count, 'Artikel', 'Artikel'),
  loading: 'Wird geholt …',
  nothing: 'Noch nichts hier. Artikel erscheinen, sobald eine Kasse sie verkauft oder Ware kommt.',
  notFound: (text: string) =>
    `Nichts passt zu „${text}“. Versuchen Sie einen Teil des Namens oder die Nummer auf dem Etikett.`,
  noAnswer: 'Der Bestand ist im Moment nicht lesbar. Es wird von selbst weiter versucht.',

  back: 'Alle Artikel',
  unknownArticle: (sku: string) => `Auf diesem PC ist nichts von ${sku} bekannt.`,
  code: (gtin: string) => `Code ${gtin}`,
  confirmed: 'Die Zentrale hat all das bestätigt.',
  confirmedWas: (quantity: string) =>
    `Vorläufig: die Zentrale hat ${quantity} bestätigt. Was seitdem geschah, ist auf diesem PC sicher und noch unterwegs.`,
  confirmedNothing:
    'Vorläufig: die Zentrale hat von diesem Artikel noch nichts gehört. Was geschah, ist auf diesem PC sicher.',
  uncountedWhy: (quantity: string) =>
    `Noch niemand hat ihn gezählt, also weiß niemand, wie viele da sind. Verkäufe und Lieferungen ergeben ${quantity}.`,
  lastCount: (when: string, quantity: string, document: string) =>
    `Zuletzt gezählt ${when}: ${quantity} (${document}).`,
  neverCounted: 'Nie gezählt.',
  questions: 'Offene Fragen',
  toQuestions: 'Unter „Braucht Sie“ beantworten',
  why: 'Warum das da steht',
  chart: (sku: string, from: string, to: string) => `Bestand von ${sku}, ${from} bis ${to}`,
  between: (low: string, high: string) => (low === high ? `Immer ${low}` : `Am wenigsten ${low}, am meisten ${high}`),
  newestFirst: 'Das Neueste zuerst.',
  older: (count: number) => `${counted(count, 'älteren Schritt', 'ältere Schritte')} zeigen`,
  otherwise: 'Was nicht sicher ist',
};
