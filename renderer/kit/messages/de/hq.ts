// German: the page of head office, for those who look after the stores' computers.
import type { CommandKind, CommandState } from '../../../../core/command.ts';
import type { StoreNote, StoreState } from '../../../../core/fleet.ts';
import { bytes, duration, moment, number, relative } from '../../format.ts';
import type { HqMessages } from '../en/hq.ts';
import { counted, plural } from './counted.ts';
import { configuration } from './hq-configuration.ts';
import { tries } from './hq-tries.ts';

const stores = (count: number): string => counted(count, 'Filiale', 'Filialen');
const documents = (count: number): string => counted(count, 'Bon oder Beleg', 'Bons und Belege');

const STATES: Record<StoreState, string> = {
  'in-touch': 'In Verbindung',
  silent: 'Still',
  behind: 'Im Rückstand',
  paused: 'Angehalten',
  'taken-back': 'Zugang entzogen',
  fenced: 'Zweiter Rechner abgewiesen',
  'moved-out': 'Ausgezogen',
  'never-seen': 'Nie gesehen',
};

const WHAT_TO_DO: Record<StoreState, string> = {
  'in-touch': 'Sie antwortet, und was sie verkauft, kommt hier an.',
  silent:
    'Sie kann geschlossen, ausgeschaltet oder ohne Internet sein. Was sie verkauft, ist auf ihrem Rechner sicher und kommt von selbst, sobald die Leitung wieder da ist.',
  behind:
    'Sie antwortet, aber was sie verkauft hat, wartet dort. Fordern Sie die Diagnose an, wenn das nicht von selbst endet.',
  paused: 'Jemand hat das Senden angehalten. Was sie verkauft, bleibt auf ihrem Rechner, bis es fortgesetzt wird.',
  'taken-back': 'Kein Rechner darf für diese Filiale sprechen. Melden Sie ihren neuen an.',
  fenced:
    'Ein anderer Rechner hat unter dem Namen dieser Filiale gesprochen und wurde ausgesperrt. Suchen Sie ihn: Er kann eine Kopie von diesem sein oder ein alter, der wieder eingeschaltet wurde.',
  'moved-out': 'Ihr letzter Rechner ist ordentlich ausgezogen und hat alles gesendet. Melden Sie den nächsten an.',
  'never-seen': 'Sie darf sich anmelden, und noch hat keiner ihrer Rechner geantwortet.',
};

const NOTES: Record<StoreNote, (value: number, nowMs: number) => string> = {
  held: () => 'Senden gestoppt',
  damaged: () => 'ihre Aufzeichnungen brauchen Hilfe',
  'one-copy': () => 'nur eine Kopie wird geführt',
  disk: () => 'Festplatte fast voll',
  'certificate-over': (value, nowMs) => `Zertifikat abgelaufen ${moment(value, nowMs)}`,
  questions: (value) => counted(value, 'Frage an die IT', 'Fragen an die IT'),
  'certificate-ends': (value, nowMs) => `Zertifikat endet in ${duration(value - nowMs)}`,
  update: () => 'Aktualisierung ging nicht',
  configuration: () => 'sie hat ihre neueste Konfiguration nicht behalten',
  'configuration-over': () => 'ihre Konfiguration ist abgelaufen',
  settings: () => 'ihre Einstellungen sind falsch',
  clock: (value) => `Uhr geht ${duration(Math.abs(value))} ${value < 0 ? 'nach' : 'vor'}`,
  refused: (value) => `${counted(value, 'Beleg', 'Belege')} nicht angenommen`,
};

const KINDS: Record<CommandKind, string> = {
  resync: 'Mit der Zentrale abgleichen',
  replay: 'Noch einmal senden',
  redrive: 'Nicht Eingeordnetes noch einmal versuchen',
  'rotate-keys': 'Neuer Schlüssel',
  diagnostics: 'Diagnose',
  pause: 'Senden anhalten',
  resume: 'Senden fortsetzen',
  try: 'Konfiguration ausprobieren',
};

const BECAME: Record<CommandState, string> = {
  waiting: 'Wartet auf die Filiale',
  sent: 'Der Filiale gesagt',
  heard: 'Von der Filiale gehört',
  begun: 'Begonnen',
  done: 'Erledigt',
  declined: 'Abgelehnt',
  failed: 'Misslungen',
  expired: 'Abgelaufen',
  unknown: 'Nicht bekannt',
};

export const hq: HqMessages = {
  place: 'Zentrale',
  ways: { label: 'Teile dieser Seite', stores: 'Filialen', configuration: 'Konfiguration' },
  configuration,
  tries,
  title: (sentence) => `${sentence} · Tillwire`,
  unknown: '–',
  states: STATES,
  todo: WHAT_TO_DO,
  notes: NOTES,
  since: (state, ms, nowMs) => `${state} seit ${moment(ms, nowMs)}`,
  ago: (ms, nowMs) => (nowMs - ms < 120_000 ? 'gerade eben' : relative(ms, nowMs)),
  never: 'nie',

  headline: {
    opening: 'Die Zentrale wird gefragt …',
    lost: 'Diese Seite hat die Zentrale verloren',
    lostDetail: 'Was sie zeigt, ist von vorher. Sie fragt von selbst wieder.',
    none: 'Noch keine Filiale ist hier',
    noneDetail: 'Lassen Sie die erste herein: tillwire enrol token --store S001 --central URL',
    needs: (count) => `${stores(count)} ${plural(count, 'braucht', 'brauchen')} Sie`,
    fine: 'Keine Filiale braucht Sie',
    allInTouch: 'Alle sind in Verbindung.',
    part: (count, state) => `${number(count)} ${state}`,
    inParts: {
      'in-touch': 'in Verbindung',
      silent: 'still',
      behind: 'im Rückstand',
      paused: 'angehalten',
      'taken-back': 'abgeschnitten',
      fenced: 'mit einem zweiten Rechner',
      'moved-out': 'ausgezogen',
      'never-seen': 'nie gesehen',
    },
    inTouch: (all) => `von ${number(all)} in Verbindung`,
    more: (count) => `${stores(count)} mehr, als diese Seite zeigt`,
  },

  overview: {
    label: 'Die Filialen auf einen Blick',
    states: 'Wie es um sie steht',
    heard: 'Zuletzt gehört',
    waiting: 'Wartet in den Filialen',
    show: 'Nur diese Filialen zeigen',
    needs: 'Brauchen Sie',
    heardIn: { minutes: '10 Min.', hour: '1 Stunde', day: '1 Tag', longer: 'länger', never: 'nie' },
    waitingOf: { none: 'nichts', few: 'bis 99', many: 'bis 999', most: 'ab 1.000', unknown: 'unbekannt' },
  },

  list: {
    heading: 'Filialen',
    caption: 'Filialen und wie es um sie steht',
    search: 'Suchen nach Filiale, Rechner, Version oder Zustand',
    order: 'Ordnen nach',
    orders: {
      worst: 'Schlimmste zuerst',
      store: 'Filiale',
      waiting: 'Am meisten wartend',
      heard: 'Am längsten nicht gehört',
      version: 'Programmstand',
    },
    shown: (shown, all) => (shown === all ? stores(all) : `${number(shown)} von ${stores(all)}`),
    everything: 'Alle zeigen',
    notFound: 'Keine Filiale ist so.',
    store: 'Filiale',
    state: 'Wie es um sie steht',
    heard: 'Zuletzt gehört',
    waiting: 'Wartend',
    open: 'Offene Fragen',
    version: 'Stand',
    also: 'Außerdem',
    needsYou: 'Braucht Sie',
  },

  store: {
    name: (id) => `Filiale ${id}`,
    back: 'Alle Filialen',
    unknown: (id) => `Die Zentrale kennt keine Filiale ${id}.`,
    facts: 'Was von ihr bekannt ist',
    enrol: (id) => `tillwire enrol token --store ${id} --central URL`,
    heard: 'Zuletzt gehört',
    heardMore: (isOnline) => (isOnline ? 'ihre Leitung steht' : 'ihre Leitung ist unterbrochen'),
    waiting: 'Wartet in der Filiale',
    waitingSince: (ms, nowMs) => `das Älteste seit ${moment(ms, nowMs)}`,
    waitingNone: 'alles ist hier',
    waitingUnknown: 'sie hat es noch nicht gesagt',
    posted: 'Letzter Bon oder Beleg',
    version: 'Programm',
    refused: 'Nicht angenommen',
    refusedMore: 'Bons und Belege',
    setAside: 'Dort nicht einzuordnen',
    setAsideMore: 'jemand in der Filiale kann es ansehen',
    disk: 'Platz auf der Festplatte',
    diskDays: (days) => `reicht für ${counted(days, 'Tag', 'Tage')}`,
    diskFree: (free) => bytes(free),
    pausedBy: (by, why) => `Angehalten von ${by}: ${why}`,
  },

  commands: {
    heading: 'Die Filiale um etwas bitten',
    none: 'Bisher wurde sie um nichts gebeten.',
    kinds: KINDS,
    states: BECAME,
    asked: (by, ms, nowMs) => `${by}, ${moment(ms, nowMs)}`,
    expires: (ms, nowMs) => `bis ${moment(ms, nowMs)}`,
    pause: 'Senden anhalten …',
    pauseExplain:
      'Ihre Kassen laufen weiter. Was sie verkaufen, bleibt auf ihrem Rechner und wird gesendet, wenn es fortgesetzt wird.',
    reason: 'Warum, so wie es die Leute in der Filiale lesen',
    pauseYes: 'Senden anhalten',
    no: 'Abbrechen',
    resume: 'Senden fortsetzen',
    diagnostics: 'Diagnose anfordern',
    resync: 'Mit der Zentrale abgleichen',
    redrive: 'Nicht Eingeordnetes noch einmal versuchen',
    save: 'Speichern',
    saveOf: (ms, nowMs) => `Diagnose von ${moment(ms, nowMs)} speichern`,
    noAnswer: 'Die Zentrale hat nicht geantwortet. Drücken Sie noch einmal: Es geschieht nur einmal.',
    mayNot: 'Ihr Konto darf ansehen und die Filialen um nichts bitten.',
  },

  computers: {
    heading: 'Rechner',
    none: 'Kein Rechner dieser Filiale wurde angemeldet.',
    enrolled: 'Angemeldet',
    heard: 'zuletzt gehört',
    until: 'Zertifikat bis',
    states: {
      active: 'Spricht für diese Filiale',
      replaced: 'Ersetzt',
      retired: 'Ausgezogen',
      revoked: 'Zugang entzogen',
    },
    remainder: (count) => `${documents(count)} ${plural(count, 'kann', 'können')} noch darauf sein`,
    revoke: 'Zugang entziehen …',
    sure: (name) => `${name} den Zugang entziehen?`,
    explain: (store) =>
      `Filiale ${store} ist binnen einer Minute abgeschnitten, und ihr Rechner kann sich nie wieder verbinden. Er nimmt weiter Verkäufe auf und behält sie. Um die Filiale wieder hereinzulassen, melden Sie einen Rechner an.`,
    holds: (count) =>
      `Soweit bekannt, hält er noch ${documents(count)}, ${plural(count, 'der nicht hier ist', 'die nicht hier sind')}. Sie bleiben auf seiner Festplatte.`,
    type: (store) => `Zur Sicherheit: Tippen Sie ${store}`,
    yes: 'Zugang entziehen',
    no: 'So lassen',
  },

  questions: {
    heading: 'Offene Fragen',
    none: 'Nichts ist offen.',
    owner: { store: 'Filiale', 'inventory-control': 'Bestandsführung', finance: 'Buchhaltung', it: 'IT-Abteilung' },
    until: (ms, nowMs, isOverdue) => (isOverdue ? `überfällig seit ${moment(ms, nowMs)}` : `bis ${moment(ms, nowMs)}`),
    more: (count) => `und ${number(count)} weitere`,
  },

  session: {
    heading: 'Anmelden',
    name: 'Name',
    password: 'Passwort',
    signIn: 'Anmelden',
    signOut: 'Abmelden',
    asking: 'Wird gefragt …',
    over: 'Bitte melden Sie sich wieder an: Ihre Zeit war um, oder Ihre Rechte haben sich geändert.',
    absent: 'Die Zentrale antwortet nicht. Diese Seite fragt von selbst wieder.',
    as: (name) => (name === 'local' ? 'Dieser Rechner' : name),
  },
};
