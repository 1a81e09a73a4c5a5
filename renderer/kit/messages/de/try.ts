// German: trying a file.
import { number } from '../../format.ts';
import { plural } from './counted.ts';

export const tryFile = {
  heading: 'Eine Datei ausprobieren',
  intro: 'Sehen Sie, was hier aus der Datei einer Kasse oder eines anderen Programms würde. Nichts davon bleibt.',
  file: 'Datei',
  feed: 'Was es ist',
  feeds: {
    poslog: 'POSLog (XML)',
    epcis: 'EPCIS-Ereignisse (XML oder JSON)',
    jsonl: 'Ein Dokument je Zeile (JSON)',
    square: 'Square',
    shopify: 'Shopify',
    vend: 'Vend',
    woocommerce: 'WooCommerce',
    csv: 'Tabelle (CSV) oder anderes, mit einer Zuordnung',
  },
  settings: 'Datei mit Einstellungen, falls es eine gibt',
  mapping: 'Datei mit der Zuordnung',
  start: 'Zeigen, was daraus würde',
  running: (share: string) => `Die Datei wird gelesen: bisher ${share}.`,
  progress: 'Gelesen von der Datei',
  noFile: 'Wählen Sie zuerst eine Datei.',
  noMapping: 'Wählen Sie auch die Datei mit der Zuordnung: sie sagt, welche Spalte was ist.',
  longSettings: 'Die Datei mit Zuordnung oder Einstellungen ist zu groß. Ist es die richtige?',
  lost: 'Die Datei konnte nicht ausprobiert werden: das Tillwire-Programm hat nicht bis zum Ende geantwortet. Bitte noch einmal.',
  summary: (items: number, captured: number, duplicates: number, setAside: number, passed: number) =>
    `${number(items)} in der Datei: ${number(captured)} ${plural(captured, 'würde', 'würden')} erfasst, ` +
    `${number(duplicates)} ${plural(duplicates, 'steht', 'stehen')} zweimal darin, ` +
    `${number(setAside)} ${plural(setAside, 'würde', 'würden')} zurückgelegt, ` +
    `${number(passed)} übergangen.`,
  stopped: (reason: string) => `Der Rest ist nicht lesbar: ${reason}`,
  setAside: 'Würde zurückgelegt',
  passed: 'Übergangen',
  documents: 'Was erfasst würde',
  again: '(dasselbe noch einmal)',
  bound: (shown: number) => `Hier stehen nur die ersten ${number(shown)}; gezählt sind alle.`,
  columns: { what: 'Was', till: 'Kasse', day: 'Verkaufstag', articles: 'Artikel', total: 'Summe' },
};
