// German: the first room.
import { number } from '../../format.ts';
import { counted } from './counted.ts';

const span = (days: number, about: string): string => {
  if (days >= 730) return `${about} ${counted(Math.round(days / 365), 'Jahr', 'Jahre')}`;
  if (days >= 60) return `${about} ${counted(Math.round(days / 30), 'Monat', 'Monate')}`;
  return counted(days, 'Tag', 'Tage');
};

/** Room for so many days, in the unit that people would use; inside a sentence. */
export const roomFor = (days: number): string => `${span(days, 'etwa')} an Verkäufen`;

export const facts = {
  heading: 'Auf einen Blick',
  waiting: 'Wartet auf das Senden',
  confirmed: 'Zuletzt von der Zentrale bestätigt',
  taken: 'Letzter erfasster Verkauf',
  notPlaced: 'Nicht zugeordnet',
  notYet: 'Noch nicht',
  at: (time: string) => `um ${time}`,
  lookBelow: 'Ansehen',
  allPlaced: 'jeder Beleg wurde verstanden',
  allConfirmed: 'alles ist bestätigt',
  room: 'Platz für Verkäufe auf diesem PC',
  roomValue: (days: number) => span(days, 'Etwa'),
  roomMore: 'beim Tempo der letzten Wochen',
  roomUnknown: 'Noch nicht bekannt',
  roomFree: (free: string) => `${free} frei; bekannt nach einigen Verkaufstagen`,
};

export const tills = {
  heading: 'Kassen heute',
  till: 'Kasse',
  sales: 'Verkäufe',
  returns: 'Rückgaben',
  voids: 'Stornos',
  amount: 'Betrag',
  last: 'Letzter Verkauf',
  all: 'Alle Kassen',
  empty: 'Heute noch keine Verkäufe. Der erste erscheint hier von selbst.',
  other: 'Andere Kassen und Tage',
  silent: (since: string) => `Von dort kam nichts mehr seit ${since}.`,
  silentTill: (till: string, since: string) => `${till}: von dort kam nichts mehr seit ${since}.`,
  onDay: (day: string, sentence: string) => `${day}: ${sentence}`,
  onNetwork: {
    heading: 'Kassen an anderen PCs',
    addresses: 'Sie erreichen diesen PC unter',
    fingerprint: 'Fingerabdruck seines Zertifikats, zum Vergleichen an der Kasse (SHA-256)',
    problem: (why: string) => `Sie erreichen diesen PC im Moment nicht: ${why}`,
  },
};

export const chart = {
  heading: 'Erfasst und bestätigt',
  range: 'Gezeigte Zeit',
  ranges: { quarter: '15 Min.', hour: 'Stunde', day: 'Tag', month: 'Monat' },
  captured: 'Erfasst',
  confirmed: 'Bestätigt',
  waiting: 'Wartet',
  caption: 'Erfasste und bestätigte Verkäufe, über die gezeigte Zeit zusammengezählt',
  from: 'Ab',
  summary: (range: string, captured: number, confirmed: number, waiting: number) =>
    `In den letzten ${range}: ${number(captured)} erfasst, ${number(confirmed)} von der Zentrale bestätigt, ${number(waiting)} warten jetzt.`,
  spans: { quarter: '15 Minuten', hour: '60 Minuten', day: '24 Stunden', month: '30 Tagen' },
  asTable: 'Als Tabelle zeigen',
  empty: 'In dieser Zeit wurde nichts erfasst.',
};
