// German: the room of this PC.
import type { WipeReason } from '../../../../protocol/local/rooms/pc.ts';
import type { ConfigurationState } from '../../../../protocol/wire/config-frames.ts';
import { duration, moment } from '../../format.ts';
import { counted, plural } from './counted.ts';
import { roomFor } from './now.ts';

const REASONS: Record<WipeReason['code'], (count: number) => string> = {
  waiting: (count) =>
    `${counted(count, 'Beleg ist', 'Belege sind')} von der Zentrale noch nicht bestätigt. Warten Sie, bis alles gesendet ist.`,
  'set-aside': (count) =>
    `${counted(count, 'Beleg konnte', 'Belege konnten')} nicht zugeordnet werden. Lassen Sie ${plural(count, 'ihn', 'sie')} ansehen.`,
  drafts: (count) =>
    `${counted(count, 'Zählung oder Lieferung wurde', 'Zählungen oder Lieferungen wurden')} begonnen und nicht abgeschlossen. Schließen Sie ${plural(count, 'sie', 'sie')} ab oder verwerfen Sie ${plural(count, 'sie', 'sie')}.`,
  files: (count) =>
    `${counted(count, 'Datei', 'Dateien')} im Eingangsordner ${plural(count, 'wurde', 'wurden')} nicht erfasst.`,
  trial: () => 'Die Zentrale dient hier nur zur Vorführung: sie kann vergessen, was sie bestätigt hat.',
  'no-word': () =>
    'Das unterschriebene Wort der Zentrale liegt hier nicht. Lassen Sie diesen PC noch einmal verbinden.',
};

/** Behind their number. */
const SETTINGS: Record<Exclude<ConfigurationState, 'good' | 'trial'>, string> = {
  none: 'noch nicht angenommen',
  waiting: 'angenommen, ihre Zeit ist noch nicht gekommen',
  refused: 'nicht angenommen, alles geht weiter wie bisher',
  'put-back': 'gingen hier nicht und wurden zurückgenommen',
  withdrawn: 'von der Zentrale zurückgenommen',
};

export const pc = {
  loading: 'Das Tillwire-Programm auf diesem PC wird gefragt …',
  failed: 'Das hat nicht geklappt. Bitte noch einmal versuchen.',

  sending: {
    heading: 'Senden',
    on: 'Verkäufe werden von selbst an die Zentrale gesendet.',
    pausedBy: (who: string, since: string) => `Unterbrochen von ${who}, seit ${since}.`,
    why: (reason: string) => `Warum: ${reason}`,
    goesOn: 'Die Kassen laufen weiter, und alles ist auf diesem PC sicher, bis es weitergeht.',
    pause: 'Senden unterbrechen …',
    resume: 'Weiter senden lassen',
    explain:
      'Nur, wenn die IT Sie darum bittet. Die Kassen laufen weiter und jeder Verkauf bleibt hier, aber die Zentrale ' +
      'sieht nichts, bis jemand weiter senden lässt. Ein Neustart ändert daran nichts.',
    reason: 'Warum?',
    by: 'Ihr Name',
    now: 'Jetzt unterbrechen',
    cancel: 'Lassen',
    missing: 'Schreiben Sie, warum, und Ihren Namen.',
    paused: 'Das Senden ist unterbrochen.',
    resumed: 'Es wird weiter gesendet.',
  },

  wipe: {
    heading: 'Darf dieser PC gelöscht oder ersetzt werden?',
    yes: 'Ja. Die Zentrale hat alles, was hier je erfasst wurde.',
    no: 'Nein, noch nicht.',
    reasons: REASONS,
    save: 'Bescheinigung sichern',
    hint: 'Eine Datei, unterschrieben von diesem PC und der Zentrale, die es beweist. Heben Sie sie anderswo auf, bevor Sie diesen PC löschen.',
    saved: (name: string) => `Gesichert als ${name}.`,
  },

  help: {
    heading: 'Für den, der Ihnen hilft',
    hint: 'Eine Datei mit dem, was die IT zum Suchen eines Fehlers braucht: Zustände, Versionen, Anzahlen. Keine Verkäufe, keine Namen, keine Schlüssel.',
    save: 'Datei für die IT sichern',
    saving: 'Wird zusammengestellt …',
    saved: (name: string) => `Gesichert als ${name}.`,
    call: (name: string, phone: string) => `${name}: ${phone}`,
    nobody: 'Niemand ist eingetragen, den Sie anrufen könnten: bitten Sie die Zentrale darum.',
  },

  about: {
    heading: 'Programm',
    store: 'Laden',
    version: 'Tillwire',
    records: 'Form der Aufzeichnungen',
    node: 'Node',
    system: 'System',
    account: 'Läuft als',
    started: 'Läuft seit',
    settings: 'Einstellungen',
    noSettings: 'Keine',
    settingsOf: (digest: string, since: string) => `${digest}, seit ${since}`,
    at: moment,
  },

  place: {
    heading: 'In der Zentrale',
    standing: 'Dieser PC',
    standings: {
      joining: () => 'Noch nicht aufgenommen: er fragt von selbst',
      active: () => 'Spricht für den Laden',
      declined: (since: string | null) => (since === null ? 'Nicht angenommen' : `Nicht angenommen seit ${since}`),
    },
    device: 'Seine Nummer dort',
    ends: 'Sein Zertifikat gilt bis',
  },

  set: {
    heading: 'Einstellungen der Zentrale',
    inForce: 'In Kraft',
    none: 'Keine: die Einstellungen dieses PCs gelten',
    revision: (revision: number, since: string) => `Fassung ${revision}, seit ${since}`,
    standing: 'Wie es damit geht',
    newest: 'Zuletzt gekommen',
    newer: (revision: number, what: string) => `Fassung ${revision}: ${what}`,
    standings: SETTINGS,
    good: 'Sie haben sich bewährt',
    trial: 'Auf Probe: dieser PC geht von selbst zurück, wenn etwas nicht geht',
    expired: 'Veraltet, und noch in Kraft. Bitte sagen Sie es der IT.',
  },

  kept: {
    heading: 'Wo die Verkäufe liegen',
    folder: 'Ordner',
    copy: 'Zweite Kopie',
    healthy: 'Jeder Verkauf ist auch dort',
    broken: (since: string | null) =>
      since === null ? 'Wird nicht geschrieben' : `Wird nicht geschrieben seit ${since}`,
    sameDisk: 'Sie liegt auf derselben Festplatte: ein Defekt nimmt beide. Eine andere Festplatte ist besser.',
    size: 'Belegt von beiden',
    free: 'Frei auf der Festplatte',
    room: (free: string, days: number) => `${free}, Platz für ${roomFor(days)}`,
  },

  clock: {
    heading: 'Uhr',
    time: 'Zeit auf diesem PC',
    zone: 'Zeitzone',
    compared: 'Neben der Zentrale',
    never: 'Noch nicht verglichen',
    right: (at: string) => `Richtig, verglichen ${at}`,
    off: (ms: number, ahead: boolean, at: string) => `Geht ${duration(ms)} ${ahead ? 'vor' : 'nach'}, verglichen ${at}`,
    jump: 'Letzter Sprung',
    jumped: (ms: number, ahead: boolean, at: string) =>
      ahead ? `${duration(ms)} nach vorn, ${at} (auch nach dem Ruhezustand)` : `${duration(ms)} zurück, ${at}`,
  },

  door: {
    heading: 'Kassen an anderen PCs',
    closed: 'Sie werden nicht eingelassen.',
    fingerprint: 'Fingerabdruck des Zertifikats (SHA-256)',
    ends: 'Es gilt bis',
    renewed: (date: string) => `${date}; es wird von selbst erneuert`,
  },
};
