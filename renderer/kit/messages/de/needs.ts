// German: what needs somebody.
import type { ExceptionRow } from '../../../../protocol/local/exceptions.ts';
import type { Notice } from '../../../../protocol/local/window.ts';
import { moment, number } from '../../format.ts';
import { counted } from './counted.ts';
import { roomFor } from './now.ts';

const OWNERS: Record<ExceptionRow['owner'], string> = {
  store: 'Ihr Laden',
  'inventory-control': 'Bestandsführung in der Zentrale',
  finance: 'Buchhaltung in der Zentrale',
  it: 'IT',
};

const NOTICE_TITLES: Record<Notice['code'], string> = {
  'restored-from-mirror': 'Verkäufe wurden aus der zweiten Kopie zurückgeholt',
  'one-copy-only': 'Ihre Verkäufe werden nur einmal aufbewahrt',
  'disk-nearly-full': 'Die Festplatte dieses PCs ist fast voll',
  held: 'Das Senden wurde angehalten',
  'new-epoch': 'Dieser PC hat mit der Zentrale neu begonnen',
  'trial-central': 'Dies ist ein Versuch: die Zentrale dient nur zur Vorführung',
  'central-renewed': 'Die Zentrale wurde zurückgesetzt oder neu eingerichtet',
  'entry-damaged': 'Ein Verkauf ist auf diesem PC nicht mehr lesbar',
  'decisions-lost': 'Die Zentrale hat Entscheidungen über Ihren Bestand verloren',
  'settings-wrong': 'Die Einstellungen dieses Ladens stimmen nicht',
  'update-put-back': 'Eine neue Version dieses Programms lief nicht und wurde zurückgenommen',
  'update-stuck': 'Eine neue Version dieses Programms läuft nicht',
  'update-refused': 'Eine neue Version dieses Programms wurde abgelehnt',
  'books-stopped': 'Die Bestandszahlen auf diesem PC stehen still',
  'paused-long': 'Das Senden ist seit über einem Tag unterbrochen',
  'clock-wrong': 'Die Uhr dieses PCs geht falsch',
  'access-taken-back': 'Die Zentrale nimmt diesen PC nicht an',
  'moving-out': 'Der Laden zieht von diesem PC um',
  'configuration-put-back': 'Neue Einstellungen der Zentrale gingen hier nicht und wurden zurückgenommen',
  'configuration-refused': 'Neue Einstellungen der Zentrale wurden nicht angenommen',
  'configuration-expired': 'Die Einstellungen der Zentrale sind veraltet',
};

export const needs = {
  heading: 'Braucht Sie',
  count: (count: number) => (count > 1 ? `Braucht Sie (${number(count)})` : 'Braucht Sie'),
  nothing: 'Im Moment braucht Sie nichts. Was Sie braucht, erscheint hier von selbst.',
  others: (count: number) => `${counted(count, 'Frage', 'Fragen')}, um die sich andere kümmern`,
  owners: OWNERS,
  due: (ms: number, nowMs: number) => `Bitte antworten bis ${moment(ms, nowMs)}.`,
  overdue: 'Überfällig',
  wasDue: (ms: number, nowMs: number) => `War fällig ${moment(ms, nowMs)}.`,
  why: (sku: string) => `Warum? Verlauf von ${sku}`,
  addNote: 'Bemerkung hinzufügen',
  note: (title: string) => `Bemerkung zu Ihrer Antwort: ${title}`,
  noteHint: 'Sie geht mit Ihrer Antwort an die Zentrale. Bitte keine Kartennummern und keine Namen von Kunden.',
  soFar: 'Die Zentrale hat das noch nicht bestätigt.',
  see: 'Siehe',
  document: (what: string, document: string, till: string) => `${what} ${document}, ${till}`,
  answers: (title: string) => `Antworten auf: ${title}`,
  unanswered: 'Das konnte nicht festgehalten werden. Bitte noch einmal versuchen.',
  more: (left: number) => `und ${counted(left, 'weitere Frage', 'weitere Fragen')}`,
  know: 'Gut zu wissen',
  silentTill: (till: string) => `${till} ist still geworden`,
  silentSince: (ms: number, nowMs: number) => `Von dort kam nichts mehr seit ${moment(ms, nowMs)}.`,
  silentTodo: (call: string) =>
    `Sehen Sie nach, ob sie eingeschaltet ist und ihr Netzkabel steckt. Wird sie heute nicht gebraucht, lassen Sie es. Sonst ${call}.`,
  pausedLong: (who: string, why: string) =>
    `${who} hat es unterbrochen: „${why}“. Nichts ist verloren, aber die Zentrale sieht keine Verkäufe.`,
  pausedTodo: 'Unter „Dieser PC“ weiter senden lassen',
  clock: (minutes: number, ahead: boolean) =>
    `Sie geht ${counted(minutes, 'Minute', 'Minuten')} ${ahead ? 'vor' : 'nach'}, verglichen mit der Zentrale. Belege bekommen falsche Zeiten.`,
  clockTodo: (call: string) =>
    `Lassen Sie den PC seine Zeit selbst einstellen (Datum und Uhrzeit in den Einstellungen, auch die Zeitzone), oder ${call}.`,
  takenBack: (call: string) =>
    `Jeder Verkauf bleibt hier sicher, und keiner wird gesendet, bis das in Ordnung ist: ${call}.`,
  movingOut: 'Er nimmt nichts mehr an. Benutzen Sie von jetzt an den neuen PC.',
  diskDays: (days: number, call: string) =>
    `Beim Tempo der letzten Wochen ist noch Platz für ${roomFor(days)}. Löschen Sie von diesem PC, was nicht gebraucht wird, oder ${call}.`,
  setAside: (count: number) => `${counted(count, 'Beleg konnte', 'Belege konnten')} nicht zugeordnet werden`,
  setAsideTodo: 'Sie bleiben, wie sie kamen, und zählen nicht als Verkäufe, bis sie jemand ansieht.',
  titles: NOTICE_TITLES,
};
