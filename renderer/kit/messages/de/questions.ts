// German: what a person is asked, by type.
import type { ExceptionType } from '../../../../core/exception.ts';
import type { QuestionWords } from '../en/questions.ts';

export const questions: Record<ExceptionType, QuestionWords> = {
  oversold: {
    title: 'Es wurde mehr verkauft, als in den Büchern stand',
    nextStep: 'Sehen Sie ins Regal, und zählen Sie, was da ist.',
    options: { counted: 'Gezählt', accept: 'So lassen' },
  },
  'rival-count': {
    title: 'Zwei Zählungen eines Regals widersprechen sich',
    nextStep: 'Zählen Sie das Regal noch einmal.',
    options: { counted: 'Gezählt', accept: 'Die spätere stimmt' },
  },
  recount: {
    title: 'Eine Zählung konnte nicht gelten',
    nextStep: 'Zählen Sie das Regal noch einmal: die Zählung kam zu spät oder dauerte zu lange.',
    options: { counted: 'Gezählt', accept: 'So lassen' },
  },
  'reservation-short': {
    title: 'Reservierte Ware ist nicht mehr da',
    nextStep: 'Bieten Sie dem Kunden einen anderen Laden an, oder stornieren Sie den Auftrag.',
    options: { move: 'Anderer Laden', cancel: 'Stornieren', wait: 'Auf Ware warten' },
  },
  'reservation-gone': {
    title: 'Abgeholt, nachdem die Reservierung aufgegeben war',
    nextStep: 'Prüfen Sie, dass der Kunde einmal bezahlt hat.',
    options: { accept: 'Geprüft' },
  },
  'correction-absorbed': {
    title: 'Eine Zählung hat eine Korrektur ersetzt',
    nextStep: 'Nichts, wenn die Korrektur das meinte, was die Zählung nun gesehen hat.',
    options: { accept: 'In Ordnung', again: 'Noch einmal korrigieren' },
  },
  'set-aside': {
    title: 'Ein Dokument konnte nicht gebucht werden',
    nextStep: 'Finden Sie heraus, was daran falsch ist, und geben Sie es dann frei.',
    options: { release: 'Freigeben', keep: 'Zurückbehalten' },
  },
  'void-twice': {
    title: 'Ein Beleg wurde zweimal storniert',
    nextStep: 'Prüfen Sie den Kassenstreifen.',
    options: { accept: 'Geprüft' },
  },
  'void-of-unknown': {
    title: 'Der stornierte Beleg ist nicht angekommen',
    nextStep: 'Prüfen Sie, ob die Kasse alle ihre Belege geschickt hat.',
    options: { accept: 'Geprüft' },
  },
  'undo-impossible': {
    title: 'Ein Dokument konnte nicht zurückgenommen werden',
    nextStep: 'Zählen Sie das Regal.',
    options: { counted: 'Gezählt', accept: 'So lassen' },
  },
  'delivery-differs': {
    title: 'Eine Lieferung weicht von ihrer Bestellung ab',
    nextStep: 'Sagen Sie es dem Lieferanten oder dem schickenden Laden.',
    options: { accept: 'Gesagt' },
  },
  'transfer-residue': {
    title: 'Ware einer Umlagerung ist nicht angekommen',
    nextStep: 'Fragen Sie beide Läden, und buchen Sie dann den Rest aus.',
    options: { 'write-off': 'Ausbuchen', wait: 'Warten' },
  },
  'return-disputed': {
    title: 'Dieselbe Ware wurde zweimal zurückgegeben',
    nextStep: 'Sehen Sie beide Belege an.',
    options: { goodwill: 'Beide Erstattungen lassen', recover: 'Eine Erstattung zurückholen' },
  },
  'late-for-period': {
    title: 'Ein Dokument eines geschlossenen Monats kam herein',
    nextStep: 'Es wurde in den nächsten offenen Monat gebucht.',
    options: { accept: 'Gesehen' },
  },
  'till-differs': {
    title: 'Die Kasse sagt etwas anderes, als erfasst wurde',
    nextStep:
      'Lassen Sie die Kasse schicken, was fehlt, oder vergleichen Sie ihren Z-Bericht mit den Belegen, die hier sind.',
    options: { compared: 'Noch einmal verglichen', accept: 'Erklärt' },
  },
  fork: {
    title: 'Die Aufzeichnungen eines Ladens wurden zurückgesetzt oder kopiert',
    nextStep: 'Finden Sie heraus, welcher Computer der richtige ist.',
    options: { accept: 'Verstanden' },
  },
  'position-differs': {
    title: 'Laden und Zentrale sind sich über ein Regal nicht einig',
    nextStep: 'Vergleichen Sie den Verlauf des Regals auf beiden Seiten.',
    options: { repair: 'Von der Zentrale übernehmen', accept: 'Verstanden' },
  },
};
