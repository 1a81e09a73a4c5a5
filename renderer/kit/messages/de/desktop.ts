// German: what the desktop program says outside its window, and in it while the background part is not there.
import { counted } from './counted.ts';

export const desktop = {
  open: 'Tillwire öffnen',
  quit: 'Tillwire beenden',
  tooltip: (sentence: string, store: string | null) =>
    store === null ? `Tillwire: ${sentence}` : `Tillwire: ${sentence} (${store})`,
  quitting: {
    message: 'Tillwire beenden?',
    detail:
      'Tillwire nimmt auf diesem PC die Verkäufe der Kassen entgegen. Solange es aus ist, können die Kassen ihre ' +
      'Verkäufe nicht abgeben. Was schon erfasst ist, ist sicher und wird gesendet, wenn Tillwire wieder läuft.',
    buttons: ['Weiter laufen lassen', 'Beenden'],
  },
  startFailed: 'Tillwire wurde nicht gestartet',
  plainKey: (folder: string) =>
    `Dieser PC hat keinen sicheren Platz für den Schlüssel des Ladens: er liegt in ${folder}, in einer Datei, die nur dieser Benutzer lesen darf.`,
  short: {
    starting: 'Startet …',
    restarting: 'Startet neu …',
    'keeps-stopping': 'Tillwire bleibt immer wieder stehen',
    'service-silent': 'Tillwire auf diesem PC antwortet nicht',
    'not-allowed': 'Dieser Benutzer darf nicht hineinsehen',
    'not-set-up': 'Noch nicht eingerichtet',
    'folder-in-use': 'Tillwire läuft schon anderswo',
  },
  restarting: 'Tillwire auf diesem PC blieb stehen und wird neu gestartet. Schon erfasste Verkäufe sind sicher.',
  loop: (times: number) =>
    `Tillwire auf diesem PC blieb in wenigen Minuten ${counted(times, 'Mal', 'Mal')} stehen und läuft nicht weiter. ` +
    'Die Kassen können ihre Verkäufe nicht abgeben; schon erfasste Verkäufe sind sicher.',
  lastWords: (message: string) => `Es sagte: ${message}`,
  loopTodo: (file: string) =>
    `Starten Sie diesen PC neu. Hilft das nicht, rufen Sie an, wer ihn betreut: der Grund steht in ${file}.`,
  waits: {
    'service-silent':
      'Tillwire läuft auf diesem PC für alle Benutzer, antwortet aber nicht. Dieses Fenster versucht es von selbst ' +
      'weiter. Bleibt das eine Minute lang so, starten Sie diesen PC neu, oder rufen Sie an, wer ihn betreut.',
    'not-allowed':
      'Tillwire läuft auf diesem PC, aber dieser Benutzer darf nicht hineinsehen. ' +
      'Bitten Sie, wer diesen PC betreut, ihn zuzulassen, und melden Sie sich neu an.',
    'not-set-up':
      'Tillwire auf diesem PC weiß noch nicht, für welchen Laden es arbeitet. ' +
      'Bitten Sie, wer diesen PC betreut, es einzurichten.',
    'folder-in-use':
      'Ein anderes Tillwire-Programm auf diesem PC hat die Daten dieses Ladens offen und antwortet noch nicht. ' +
      'Dieses Fenster versucht es von selbst weiter. Bleibt das eine Minute lang so, starten Sie diesen PC neu.',
  },
  asked: 'Tillwire braucht Sie',
  askedBody: (count: number) =>
    count === 1
      ? 'Eine Frage wartet auf eine Antwort dieses Ladens.'
      : `${count} Fragen warten auf Antworten dieses Ladens.`,
  announced: {
    held: {
      title: 'Das Senden wurde angehalten',
      body: 'Verkaufen Sie weiter: alles bleibt auf diesem PC. Rufen Sie an, wer ihn betreut.',
    },
    'disk-nearly-full': {
      title: 'Die Festplatte dieses PCs ist fast voll',
      body: 'Ist sie voll, können keine Verkäufe mehr erfasst werden. Schaffen Sie Platz, oder rufen Sie an, wer diesen PC betreut.',
    },
    'one-copy-only': {
      title: 'Verkäufe werden nur einmal aufbewahrt',
      body: 'Die zweite Kopie auf diesem PC kann nicht geschrieben werden. Rufen Sie an, wer ihn betreut.',
    },
  },
};
