// German: what head office's catalogue says of an article, and what this store would have otherwise.
import { moment } from '../../format.ts';

export const product = {
  heading: 'Was die Zentrale dazu sagt',
  unlisted: 'Die Artikelliste der Zentrale hat diesen nicht. Er wird verkauft, geliefert und gezählt wie immer.',
  name: 'Name',
  code: 'Strichcode',
  price: (currency: string) => `Preis in ${currency}`,
  none: 'Keiner',
  decides: 'Darüber entscheidet die Zentrale.',
  decidesHere: 'Darüber entscheidet dieser Laden.',
  decidesRegion: (region: string) => `Darüber entscheidet die Region ${region}.`,
  decidesStore: (store: string) => `Darüber entscheidet der Laden ${store}.`,
  propose: 'Anderes vorschlagen',
  change: 'Ändern',
  other: (what: string) => `${what}, wie es sein sollte`,
  proposing: (what: string) => `Anders: ${what}`,
  send: 'Vorschlagen',
  keep: 'Behalten',
  cancel: 'Abbrechen',
  hint: 'Die Zentrale erfährt davon und antwortet. Bis dahin bleibt alles, wie es ist.',
  hintHere: 'Die Zentrale erfährt davon und sagt es allen, die es brauchen.',
  noted: 'Auf diesem PC vermerkt. Die Zentrale erfährt davon, sobald sie erreichbar ist.',
  full: 'Die Zentrale muss erst viele Vorschläge dieses Ladens beantworten. Bitte versuchen Sie es danach noch einmal.',
  failed: 'Das Programm hat nicht geantwortet. Bitte versuchen Sie es noch einmal.',
  empty: 'Bitte tippen Sie ein, wie es sein sollte.',
  same: 'So ist es schon.',
  notAnAmount: 'Bitte tippen Sie einen Betrag ein, zum Beispiel 4,99.',
  proposals: 'Von diesem Laden vorgeschlagen',
  proposal: (what: string, value: string, atMs: number, nowMs: number) =>
    `${what}: ${value}, vorgeschlagen ${moment(atMs, nowMs)}`,
  outcomes: {
    waiting: 'Hier vermerkt; die Zentrale weiß noch nichts davon.',
    proposed: 'Die Zentrale hat es und wird antworten.',
    applied: 'So ist es jetzt.',
    accepted: 'Angenommen: so ist es jetzt.',
    rejected: 'Abgelehnt: es bleibt, wie es war.',
    stale: 'Nicht geändert: inzwischen hat es jemand anders geändert. Bitte sehen Sie es an und entscheiden Sie neu.',
    refused: 'Nicht genommen: die Zentrale hat zu viele Vorschläge dazu, oder es lässt sich nicht vorschlagen.',
  },

  comingIn: 'Namen und Preise der Zentrale kommen gerade.',
  fetching: (share: string) => `Namen und Preise der Zentrale kommen gerade: ${share}.`,
  takingIn: (done: string, total: string) => `Namen und Preise der Zentrale kommen gerade: ${done} von ${total}.`,
  noRoom:
    'Die Festplatte dieses PCs ist zu voll für Namen und Preise der Zentrale. Verkäufe werden behalten wie immer.',
  unlistedNote: 'Nicht in der Liste',
};
