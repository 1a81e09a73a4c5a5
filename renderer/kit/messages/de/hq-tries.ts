// German: dry runs of a configuration on head office's page.
import { moment, number } from '../../format.ts';
import type { TryMessages } from '../en/hq-tries.ts';
import { counted, plural } from './counted.ts';

const stores = (count: number): string => counted(count, 'Filiale', 'Filialen');
const documents = (count: number): string => counted(count, 'Beleg', 'Belegen');

export const tries: TryMessages = {
  heading: 'Probeläufe',
  one: 'Probelauf',
  none: 'Was eine Konfiguration ändern würde, sieht man, bevor jemand sie unterschreibt, an dem, was Filialen wirklich aufgenommen haben:',
  how: 'tillwire config try DATEI --stores all --days 7',
  name: (revision, title) => `Fassung ${revision}: ${title}`,
  about: (query, days) => `${query}, ${plural(days, 'der letzte Tag', `die letzten ${number(days)} Tage`)}`,
  told: (told, all) => `${number(told)} von ${stores(all)} ${plural(told, 'hat', 'haben')} geantwortet`,
  asked: (by, ms, nowMs) => `Angefragt von ${by}, ${moment(ms, nowMs)}.`,
  nothingChanged: 'In den Filialen wurde nichts geändert.',
  unknown: 'Die Zentrale kennt diesen Probelauf nicht. Sie behält die neuesten.',
  hurts: (lost, all, hurt) =>
    `${number(lost)} von ${documents(all)} ${plural(lost, 'käme', 'kämen')} in ${stores(hurt)} nicht mehr herein`,
  unread: 'Dateien würden nicht mehr gelesen',
  fine: (all) =>
    all === 0
      ? 'Keine Datei wird anders gelesen'
      : `${counted(all, 'Beleg', 'Belege')}: ${plural(all, 'er käme', 'jeder käme')} weiter herein`,
  waiting: (told, all) =>
    `Bisher ist nichts falsch: ${number(told)} von ${stores(all)} ${plural(told, 'hat', 'haben')} geantwortet`,
  silent: (told, all) =>
    `Nichts ist falsch, aber nur ${number(told)} von ${stores(all)} ${plural(told, 'hat', 'haben')} geantwortet`,
  nowAndThen: (before, after) => (before === after ? before : `${before} → ${after}`),

  ways: 'Wie Dateien gelesen werden, betrifft nur Dateien. Alles, was in diesen Tagen hereinkam:',
  way: (way, count) => `${way} ${number(count)}`,

  stores: {
    heading: 'Filialen, jetzt und dann',
    caption: 'Was sich in jeder Filiale ändern würde, jetzt und dann',
    store: 'Filiale',
    documents: 'Belege',
    aside: 'Nicht eingeordnet',
    lost: 'Nicht mehr',
    gained: 'Neu',
    changed: 'Anders',
    batches: 'Einträge auf einmal',
    bytes: 'Am Tag gesendet',
  },

  problems: {
    heading: 'Was nicht ginge',
    where: (store, folder) => `${store}, Ordner ${folder}:`,
    unusable: (why) => `seine Dateien sind nicht zu lesen: ${why}`,
    stopped: (files) => `${counted(files, 'Datei war', 'Dateien waren')} nicht bis zum Ende zu lesen`,
  },

  examples: {
    heading: 'Beispiele',
    document: (name) => (name === '' ? 'Ein Beleg' : name),
    changes: {
      'set-aside': 'wäre nicht mehr einzuordnen',
      placed: 'würde eingeordnet und wird es jetzt nicht',
      changed: 'würde etwas anderes sagen',
      appears: 'käme herein und kommt jetzt nicht',
      disappears: 'kommt jetzt herein und käme nicht',
    },
    differences: {
      total: 'Summe',
      date: 'Geschäftstag',
      time: 'Zeit',
      number: 'Nummer',
      till: 'Kasse',
      kind: 'Art',
      lines: 'Zeilen',
      other: 'Etwas anderes',
    },
    difference: (what, from, to) => (from === to ? what : `${what}: ${from} → ${to}`),
  },

  silentStores: 'Filialen, die nicht geantwortet haben',
};
