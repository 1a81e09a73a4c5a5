// German: the count room.
import type { Written } from '../../../../protocol/local/rooms/count.ts';
import { moment, number } from '../../format.ts';
import { counted, plural } from './counted.ts';

const STOPPED: Record<Extract<Written, { result: 'stopped' }>['why'], string> = {
  closed: 'Nicht geschrieben: diese Zählung ist abgeschlossen oder aufgegeben.',
  full: 'Nicht geschrieben: auf dieses Blatt passt nichts mehr. Schließen Sie es ab, und beginnen Sie ein neues.',
  'too-much': 'Nicht geschrieben: die Summe wäre zu groß. Bitte prüfen Sie die Zahl.',
  disk: 'Nicht geschrieben: die Festplatte dieses PCs nimmt es nicht. Was vorher geschrieben wurde, ist sicher. Bleibt es so, rufen Sie bitte die IT an.',
  'no-line': 'Diese Zeile ist nicht mehr da.',
  nothing: 'Von Ihnen ist nichts zurückzunehmen, oder jemand hat es seitdem geändert.',
};

const article = (sku: string, name: string | null): string => (name === null ? sku : `${name} (${sku})`);

export const count = {
  units: (thousandths: number) => number(thousandths / 1_000),
  article,
  noAnswer: 'Das Programm hat nicht geantwortet. Bitte noch einmal versuchen.',

  list: {
    heading: 'Zählungen',
    open: 'Laufend',
    kept: 'Abgeschlossen',
    none: 'Keine Zählung läuft.',
    noneKept: 'Auf diesem PC wurde noch keine Zählung abgeschlossen.',
    columns: {
      area: 'Was gezählt wird',
      begun: 'Begonnen',
      finished: 'Abgeschlossen',
      people: 'Wer',
      articles: 'Artikel',
      units: 'Stück',
    },
    when: moment,
    go: 'Weiter zählen',
    see: 'Was daraus wurde',
    aria: (act: string, area: string) => `${act}: ${area}`,
  },

  begin: {
    heading: 'Eine Zählung beginnen',
    intro: 'Zählen Sie ein Regal, eine Abteilung oder den ganzen Laden. Die Kassen können weiter verkaufen.',
    area: 'Was gezählt wird',
    areaHint: 'Zum Beispiel „Regal 4“ oder „Tee und Kaffee“.',
    counter: 'Wer an diesem Fenster zählt',
    expect: 'Was da sein sollte',
    expects: {
      nothing: 'Nur zählen, was da ist',
      'last-count': 'Was die letzte Zählung am selben Ort fand',
      books: 'Was die Bestandszahlen sagen',
      list: 'Eine Liste von Artikeln',
    },
    expectHint: 'Nur für die Liste dessen, was noch niemand gezählt hat. Nichts zählt von selbst als null.',
    prefix: 'Artikelnummern, die beginnen mit',
    prefixHint: 'Leer lassen für den ganzen Laden.',
    skus: 'Artikelnummern, eine je Zeile',
    start: 'Beginnen',
    notAnArticle: (text: string) => `„${text}“ ist keine Artikelnummer.`,
    noArea: 'Sagen Sie zuerst, was gezählt wird.',
    noCounter: 'Sagen Sie zuerst, wer zählt.',
    tooMany: 'Zu viele Zählungen laufen. Schließen Sie eine ab, oder geben Sie eine auf.',
    tooLong: (max: number) => `Eine Liste hat höchstens ${counted(max, 'Artikel', 'Artikel')}.`,
  },

  write: {
    heading: (area: string) => `Zählung: ${area}`,
    mode: 'Bei jedem Scan',
    modes: { one: 'einen dazu', ask: 'fragen, wie viele' },
    howMany: (name: string) => `Wie viele von ${name}?`,
    quantityHint: 'Tippen Sie die Menge, dann die Eingabetaste. Escape geht zurück, ohne zu schreiben.',
    write: 'Aufschreiben',
    problems: {
      'not-a-number': 'Bitte tippen Sie eine Menge, zum Beispiel 12 oder 0,5.',
      'two-ways': 'Das lässt sich auf zwei Arten lesen. Tippen Sie es ohne Trennzeichen, etwa 1200, oder als 1,2.',
      barcode: 'Das sieht nach einem Strichcode aus. Wie viele sind da?',
    },
    question: (asked: string, books: string | null) =>
      books === null
        ? `${asked}? Von diesem Artikel ist hier nichts bekannt.`
        : `${asked}? Die Bestandszahlen sagen etwa ${books}.`,
    sum: (sum: string) => `Alle Teile zusammen wären ${sum}.`,
    again: (asked: string) => `Tippen Sie noch einmal ${asked}, wenn es stimmt, oder die richtige Zahl.`,
    yes: (asked: string) => `Ja, ${asked}`,
    no: 'Nein',
    last: (quantity: string, name: string) => `${quantity} × ${name}`,
    lastNow: (quantity: string, name: string) => `${name}: jetzt ${quantity}`,
    removed: (quantity: string, name: string) => `Entfernt: ${quantity} × ${name}`,
    nothingYet: 'Scannen Sie den ersten Artikel.',
    undo: 'Das Letzte zurücknehmen',
    stopped: STOPPED,
    waiting: (count: number) =>
      `${counted(count, 'Eintrag ist', 'Einträge sind')} noch nicht geschrieben: das Programm antwortet nicht. Sie werden von selbst geschrieben, sobald es antwortet. Lassen Sie diese Seite offen.`,
    who: 'Sie',
    sums: (articles: number, units: string) => `${counted(articles, 'Artikel', 'Artikel')}, ${units} Stück`,
    others: (names: string) => `Hier zählen: ${names}`,
    old: (since: string) =>
      `Die erste Zeile wurde gezählt ${since}. Eine Zählung, die später als drei Tage danach abgeschlossen wird, gilt nicht.`,
  },

  lines: {
    heading: 'Aufgeschrieben',
    find: 'Auf diesem Blatt suchen',
    columns: {
      quantity: 'Menge',
      article: 'Artikel',
      who: 'Wer',
      time: 'Zeit',
      sum: 'Alle Teile',
      books: 'Bestandszahlen',
      difference: 'Unterschied',
      change: 'Ändern',
    },
    books: 'Zeigen, was die Bestandszahlen sagen',
    empty: 'Noch ist nichts aufgeschrieben.',
    noneFound: 'Auf diesem Blatt passt nichts.',
    more: (left: number) =>
      `${counted(left, 'ältere Zeile', 'ältere Zeilen')}: tippen Sie oben einen Teil des Namens, um eine zu finden.`,
    correct: 'Berichtigen',
    remove: 'Entfernen',
    about: (act: string, quantity: string, name: string) => `${act}: ${quantity} × ${name}`,
    quantity: (name: string) => `Richtige Menge von ${name}`,
    counted: 'Ich habe eben noch einmal gezählt',
    save: 'Sichern',
    cancel: 'Abbrechen',
    unknown: 'nicht bekannt',
  },

  missing: {
    heading: (count: number) => (count === 0 ? 'Nichts fehlt' : `Noch nicht gezählt (${number(count)})`),
    intro: 'Diese sollten da sein. Was niemand aufschreibt, bleibt, wie es in den Bestandszahlen steht.',
    all: 'Alles, was da sein sollte, ist aufgeschrieben.',
    none: 'Niemand hat gesagt, was da sein sollte.',
    tick: (name: string) => `Nicht gefunden: ${name}`,
    tickAll: 'Alle gezeigten ankreuzen',
    absent: (count: number) => `Nicht gefunden: ${counted(count, 'Artikel', 'Artikel')} als 0 zählen`,
    more: (left: number) => `und ${counted(left, 'weiterer', 'weitere')}`,
  },

  acts: {
    check: 'Ansehen und abschließen',
    back: 'Weiter zählen',
    sheet: 'Zurück zu dieser Zählung',
    all: 'Alle Zählungen',
    paper: 'Leeres Blatt für Papier',
    print: 'Drucken, was aufgeschrieben ist',
    giveUp: 'Diese Zählung aufgeben',
    sure: (lines: number) =>
      lines === 0
        ? 'Diese Zählung aufgeben? Nichts steht darauf.'
        : `Diese Zählung aufgeben? ${counted(lines, 'Zeile ist', 'Zeilen sind')} dann endgültig weg, die von allen.`,
    giveUpYes: 'Ja, aufgeben',
    giveUpNo: 'Nein, weiter zählen',
    gone: 'Diese Zählung ist nicht mehr da: jemand hat sie aufgegeben.',
  },

  check: {
    heading: (area: string) => `Ansehen, bevor sie gilt: ${area}`,
    reading: (part: number, parts: number) =>
      `Wird mit den Bestandszahlen verglichen: ${number(part)} von ${number(parts)} …`,
    agree: (count: number) =>
      `${counted(count, 'Artikel ist', 'Artikel sind')} genau so, wie die Bestandszahlen sagen.`,
    differ: (count: number) =>
      count === 0
        ? 'Es gibt keinen Unterschied.'
        : `${counted(count, 'Artikel weicht', 'Artikel weichen')} ab, die größten zuerst:`,
    fewer: (counted: string, expected: string, difference: string) =>
      `Gezählt ${counted}, die Bestandszahlen hatten ${expected}: ${difference} weniger.`,
    more: (counted: string, expected: string, difference: string) =>
      `Gezählt ${counted}, die Bestandszahlen hatten ${expected}: ${difference} mehr.`,
    first: (counted: string) => `Gezählt ${counted}. Vorher war nichts davon bekannt.`,
    same: (counted: string) => `Gezählt ${counted}, wie es die Bestandszahlen hatten.`,
    since: (change: string, after: string) =>
      `Seitdem ${change} durch Verkäufe, Lieferungen und so weiter: ${after} bleiben da.`,
    corrections: (count: number) =>
      `${counted(count, 'Korrektur', 'Korrekturen')} der Zentrale, von ${plural(count, 'der', 'denen')} Sie zu Beginn nichts wissen konnten, ${plural(count, 'wird', 'werden')} zurückgenommen.`,
    rows: (left: number) => `und ${counted(left, 'weiterer Artikel', 'weitere Artikel')} mit kleineren Unterschieden`,
    uncounted: (count: number) =>
      `${counted(count, 'Artikel', 'Artikel')}, ${plural(count, 'der', 'die')} da sein ${plural(count, 'sollte, wurde', 'sollten, wurden')} nicht gezählt und ${plural(count, 'bleibt', 'bleiben')}, wie es die Bestandszahlen sagen.`,
    soFar: 'Soweit dieser PC es jetzt weiß. Die Zentrale bestätigt es, wenn die Leitung da ist.',
    keep: 'Diese Zählung abschließen',
    keeping: 'Wird festgehalten …',
    changed: 'Jemand hat seitdem darauf geschrieben: bitte noch einmal ansehen.',
    empty: 'Noch steht nichts darauf.',
    lost: 'Das Programm hat nicht rechtzeitig geantwortet. Drücken Sie noch einmal: sie gilt nur einmal.',
  },

  done: {
    heading: (area: string) => `Zählung: ${area}`,
    kept: (at: string) => `Abgeschlossen ${at}. Sie wird wie ein Verkauf an die Zentrale gesendet.`,
    plain: (count: number) =>
      `${counted(count, 'Artikel war', 'Artikel waren')} genau so, wie die Bestandszahlen sagten.`,
    notHere: 'Was daraus wurde, lässt sich auf diesem PC nicht mehr sagen.',
    row: (name: string, quantity: string) => `${name}, gezählt ${quantity}:`,
  },

  paper: {
    empty: (area: string) => `Zu zählen: ${area}`,
    filled: (area: string) => `Gezählt: ${area}`,
    number: 'Nummer',
    begun: 'Begonnen',
    who: 'Gezählt von',
    columns: { sku: 'Artikelnummer', name: 'Name', quantity: 'Menge', second: 'Noch einmal gezählt' },
    print: 'Drucken',
    hint: 'Schreiben Sie auf, was Sie finden, mit der Uhrzeit, und tippen Sie es danach hier ein.',
    nothing: 'Niemand hat gesagt, was da sein sollte: das Blatt hat nur leere Zeilen.',
    signature: 'Name, Datum und Uhrzeit',
    when: (ms: number) => moment(ms, 0),
    articles: (articles: number) => counted(articles, 'Artikel', 'Artikel'),
  },
};
