// German: the one sentence on top.
import { duration, number } from '../../format.ts';
import { counted, plural, safeHere, sales } from './counted.ts';

export const headline = {
  opening: 'Wird geöffnet …',
  openingDetail: 'Das Tillwire-Programm auf diesem PC wird gefragt.',
  ready: 'Bereit: noch nichts zu senden',
  readyDetail: 'Der erste Verkauf wird von selbst gesendet.',
  allSent: 'Alles gesendet',
  allButLast: (count: number) =>
    plural(count, 'Alles gesendet bis auf den letzten Verkauf', `Alles gesendet bis auf die letzten ${number(count)}`),
  allSentDetail: 'Die Zentrale hat jeden Verkauf auf diesem PC bestätigt.',
  onTheirWay: 'Die neuesten Verkäufe sind unterwegs und auch auf diesem PC sicher.',
  connectedSince: (since: string) => `Verbunden seit ${since}.`,
  sending: (count: number) => `${sales(count)} ${plural(count, 'wird', 'werden')} gesendet …`,
  sendingDetail: 'Die Leitung ist wieder da. Verkaufen Sie weiter: alles ist auch auf diesem PC sicher.',
  left: (ms: number) => (ms < 60_000 ? 'Noch weniger als eine Minute.' : `Noch etwa ${duration(ms)}.`),
  progress: 'Gesendet von dem, was wartete',
  offline: (count: number) => (count === 0 ? 'Offline: nichts wartet' : `Offline: ${safeHere(count)}`),
  offlineDetail:
    'Verkaufen Sie weiter. Alles bleibt hier und wird von selbst gesendet, sobald die Leitung wieder da ist.',
  noLineSince: (since: string) => `Keine Verbindung seit ${since}.`,
  connecting: 'Wird verbunden …',
  connectingDetail: (count: number) =>
    count === 0 ? 'Die Leitung steht. Die Zentrale muss noch antworten.' : `Die Leitung steht. ${safeHere(count)}.`,
  silent: 'Die Zentrale antwortet nicht',
  silentDetail: (since: string) => `Die Leitung steht, aber es kommt keine Antwort seit ${since}.`,
  silentTodo: 'Verkaufen Sie weiter. Dieses Fenster fragt von selbst weiter, Sie müssen nichts tun.',
  held: 'Das Senden wurde angehalten',
  heldSince: (since: string) => `Seit ${since}.`,
  safe: (count: number) => (count === 0 ? 'Nichts wartet.' : `${safeHere(count)}.`),
  call: (name: string | null, phone: string | null) =>
    name === null || phone === null ? 'rufen Sie an, wer diesen PC betreut' : `rufen Sie ${name} an, ${phone}`,
  heldTodo: (call: string) => `Verkaufen Sie weiter, und ${call}.`,
  lost: 'Dieses Fenster erreicht das Tillwire-Programm auf diesem PC nicht mehr',
  lostDetail: (since: string) => `Seit ${since}. Schon erfasste Verkäufe sind auf diesem PC sicher.`,
  lostTodo: (call: string) =>
    `Es wird von selbst weiter versucht. Bleibt das eine Minute lang so, starten Sie diesen PC neu oder ${call}.`,
  paused: (count: number) =>
    count === 0 ? 'Das Senden ist unterbrochen: nichts wartet' : `Unterbrochen: ${safeHere(count)}`,
  pausedBy: (who: string, since: string, why: string) => `${who} hat das Senden unterbrochen, ${since}: „${why}“.`,
  pausedDetail: 'Verkaufen Sie weiter. Alles bleibt hier und wird gesendet, sobald es weitergeht.',
  later: (count: number, from: string) => `Bis ${from}: ${safeHere(count)}`,
  laterDetail: (from: string) =>
    `Die Zentrale lässt Verkäufe erst wieder ab ${from} senden. Verkaufen Sie weiter: alles bleibt hier und wird dann von selbst gesendet.`,
  toThisPc: 'Zu „Dieser PC“',
  andNeeds: (sentence: string, count: number) =>
    `${sentence}. ${counted(count, 'Sache braucht', 'Sachen brauchen')} Sie`,
  needYou: (count: number) => plural(count, 'Sache braucht Sie', 'Sachen brauchen Sie'),
  toNeeds: (count: number) => plural(count, 'Ansehen, was es ist', 'Ansehen, welche es sind'),
  withToday: (detail: string, count: number) => `${detail} ${sales(count)} heute.`,
  asOf: (at: string) => `Alles weitere zeigt den Stand von ${at}.`,
  never: 'Das Tillwire-Programm auf diesem PC läuft nicht',
  neverDetail: 'Dieses Fenster öffnet sich von selbst, sobald das Programm da ist. Es wird weiter versucht …',
  refused: 'Dieser Link gilt nicht mehr',
  refusedDetail: 'Das Tillwire-Programm auf diesem PC hat den Schlüssel im Link nicht angenommen.',
  noKey: 'Dieser Link ist nicht vollständig',
  noKeyDetail: 'Der Link zu diesem Fenster trägt einen Schlüssel, und der fehlt hier.',
  linkTodo: 'Schließen Sie diese Seite, und öffnen Sie das Fenster mit dem Link, den Tillwire beim Start gezeigt hat.',
  salesToday: (count: number) => plural(count, 'Verkauf heute', 'Verkäufe heute'),
  safeHere: 'auf diesem PC sicher',
  stillToSend: 'noch zu senden',
  onTheWay: 'unterwegs',
};
