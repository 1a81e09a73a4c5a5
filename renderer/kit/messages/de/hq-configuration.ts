// German: configuration on head office's page, its rollouts, and what holds for one store.
import type { RolloutEvent, RolloutState, RolloutStoreState } from '../../../../protocol/hq/rollouts.ts';
import type { ConfigurationState } from '../../../../protocol/wire/config-frames.ts';
import { calendarDay, duration, moment, number } from '../../format.ts';
import type { ConfigurationMessages } from '../en/hq-configuration.ts';
import { counted, plural } from './counted.ts';

const stores = (count: number): string => counted(count, 'Filiale', 'Filialen');
/** Accounts have the names that people gave them; these two are none. */
const person = (by: string): string =>
  by === 'local' ? 'dem Rechner der Zentrale' : by === 'central' ? 'der Zentrale selbst' : by;

const ROLLOUT_STATES: Record<RolloutState, string> = {
  waiting: 'Wartet auf eine zweite Person',
  running: 'Unterwegs',
  paused: 'Angehalten',
  stopped: 'Von selbst gestoppt',
  aborted: 'Zurückgenommen',
  done: 'Fertig',
};

const ROLLOUT_HEADLINES: Record<RolloutState, (revision: number) => string> = {
  waiting: (revision) => `Fassung ${revision} wartet auf eine zweite Person`,
  running: (revision) => `Fassung ${revision} ist unterwegs`,
  paused: (revision) => `Fassung ${revision} ist angehalten`,
  stopped: (revision) => `Fassung ${revision} wurde von selbst gestoppt`,
  aborted: (revision) => `Fassung ${revision} wurde zurückgenommen`,
  done: (revision) => `Fassung ${revision} hat ihre Filialen erreicht`,
};

const ROLLOUT_EXPLAINED: Record<RolloutState, string> = {
  waiting: 'Keine Filiale bekommt sie, bevor jemand anders als der, der sie veröffentlicht hat, sie freigibt.',
  running: 'Ring für Ring bekommt sie. Sie stoppt von selbst, wo sie zu vielen Filialen misslingt.',
  paused: 'Kein Ring beginnt, und keine weitere Filiale bekommt sie. Filialen, die sie haben, behalten sie.',
  stopped:
    'Zu vielen Filialen ist sie misslungen. Wer sie hatte, geht auf das zurück, was vorher galt, und niemand bekommt sie mehr.',
  aborted: 'Filialen, die sie hatten, gehen auf das zurück, was vorher galt, und niemand bekommt sie mehr.',
  done: 'Filialen, die nach einer Weile wiederkommen oder neu sind, bekommen sie auch.',
};

const STANDINGS: Record<ConfigurationState, string> = {
  none: 'Noch keine',
  waiting: 'Wartet auf ihre Zeit',
  trial: 'Auf Probe',
  good: 'In Kraft und bewährt',
  refused: 'Abgelehnt',
  'put-back': 'Von selbst zurückgegangen',
  withdrawn: 'Von der Zentrale zurückgenommen',
};

const STANDINGS_EXPLAINED: Record<ConfigurationState, string> = {
  none: 'Sie arbeitet, wie ihre eigenen Einstellungen es sagen.',
  waiting: 'Sie ist geprüft und tritt in Kraft, wenn ihre Zeit kommt.',
  trial: 'Sie ist in Kraft, und die Filiale beobachtet noch, ob damit alles gut geht.',
  good: 'Sie ist in Kraft und hat sich bewährt.',
  refused: 'Die Filiale hat sie nicht angenommen und arbeitet weiter mit dem, was sie hatte.',
  'put-back': 'Damit ging es nicht gut, und die Filiale ging auf das zurück, was sie hatte.',
  withdrawn: 'Die Zentrale hat sie zurückgenommen, und die Filiale ging auf das zurück, was sie hatte.',
};

const EVENTS: Record<RolloutEvent['what'], (ring: string) => string> = {
  published: () => 'Veröffentlicht',
  approved: () => 'Freigegeben',
  opened: (ring) => `Ring ${ring} begann`,
  reached: (ring) => `Genug Filialen von Ring ${ring} geht es gut`,
  unreached: (ring) => `Zu wenigen Filialen von Ring ${ring} geht es noch gut`,
  paused: () => 'Angehalten',
  resumed: () => 'Fortgesetzt',
  stopped: () => 'Von selbst gestoppt',
  aborted: () => 'Zurückgenommen',
  done: () => 'Fertig',
};

const STORE_STATES: Record<RolloutStoreState, string> = {
  later: 'Später',
  given: 'Noch ohne Antwort',
  waiting: 'Wartet auf ihre Zeit',
  trial: 'Auf Probe',
  good: 'Gut',
  failed: 'Misslungen',
  back: 'Zurückgegangen',
};

export const configuration: ConfigurationMessages = {
  heading: 'Konfiguration',
  revision: (revision) => `Fassung ${revision}`,
  none: 'Noch keine Konfiguration wurde veröffentlicht',
  noneDetail: 'Jede Filiale arbeitet, wie ihre eigenen Einstellungen es sagen. So wird eine erste veröffentlicht:',
  how: 'tillwire config publish DATEI --rings PLAN',
  lostDetail: 'Die Zentrale antwortet nicht. Was diese Seite zeigt, ist von vorher.',
  back: 'Verteilungen und Probeläufe',
  more: (count) => `und ${counted(count, 'weitere Filiale', 'weitere Filialen')}`,

  rollouts: {
    heading: 'Verteilungen',
    caption: 'Verteilungen, die neueste zuerst',
    what: 'Fassung',
    state: 'Wie es um sie steht',
    progress: 'Filialen',
    title: 'Was sich ändert',
    begun: 'Veröffentlicht',
    byWhen: (by, when) => `${when}, von ${person(by)}`,
    wellOf: (well, all) => `${number(well)} von ${number(all)} gut`,
    failed: (count) => `${number(count)} misslungen`,
    states: ROLLOUT_STATES,
    headlines: ROLLOUT_HEADLINES,
    explained: ROLLOUT_EXPLAINED,
    unknown: (id) => `Die Zentrale kennt keine Verteilung ${id}.`,
    published: (by, ms, nowMs) => `Veröffentlicht von ${person(by)}, ${moment(ms, nowMs)}.`,
    approved: (by, ms, nowMs) => `Freigegeben von ${person(by)}, ${moment(ms, nowMs)}.`,
    expired: (ms) => `Sie ist abgelaufen am ${calendarDay(ms)}: Keine Filiale nimmt sie mehr an.`,
    inTimes: 'Jede Filiale setzt sie in den Zeiten des Plans in Kraft, nach ihrer eigenen Uhr.',
    well: (all) => `von ${stores(all)} gut`,
  },

  rings: {
    heading: 'Ringe',
    title: (place, name) => `${place}. ${name}`,
    notBegun: 'Nicht begonnen',
    begun: (ms, nowMs) => `Begonnen ${moment(ms, nowMs)}`,
    reached: (ms, nowMs) => `Genug gut seit ${moment(ms, nowMs)}`,
    goesOn: (percent, soakMs) =>
      soakMs === 0
        ? `Geht sofort weiter, wenn ${number(percent)} % gut sind`
        : `Geht ${duration(soakMs)} weiter, nachdem ${number(percent)} % gut sind`,
    last: (percent) => `Fertig, wenn ${number(percent)} % gut sind`,
    stops: (percent) => `stoppt von selbst, wenn mehr als ${number(percent)} % misslungen sind`,
    parts: {
      good: 'gut',
      trial: 'auf Probe',
      given: 'noch ohne Antwort',
      waiting: 'warten auf ihre Zeit',
      failed: 'misslungen',
      back: 'zurückgegangen',
      later: 'später',
    },
    partsOf: (name) => `Filialen von Ring ${name}`,
    part: (count, name) => `${number(count)} ${name}`,
    empty: 'Keine Filiale ist darin',
  },

  failed: {
    heading: 'Filialen, in denen es misslang',
    none: 'In keiner ist es misslungen.',
    noWord: 'Sie hat nicht gesagt, warum.',
    since: (ms, nowMs) => moment(ms, nowMs),
    ring: (name) => `Ring ${name}`,
  },

  away: {
    heading: 'Noch nicht gut',
    state: (what, ms, nowMs) => `${what}, seit ${moment(ms, nowMs)}`,
    states: STORE_STATES,
  },

  events: {
    heading: 'Was geschah',
    what: EVENTS,
    by: (by, ms, nowMs) =>
      by === 'central' ? `von selbst, ${moment(ms, nowMs)}` : `von ${person(by)}, ${moment(ms, nowMs)}`,
  },

  acts: {
    heading: 'Was man tun kann',
    buttons: { approve: 'Freigeben …', resume: 'Weitergehen lassen …', pause: 'Anhalten …', abort: 'Zurücknehmen …' },
    done: {
      approve: 'Sie ist freigegeben.',
      resume: 'Sie geht weiter.',
      pause: 'Sie ist angehalten.',
      abort: 'Sie ist zurückgenommen.',
    },
    mayNot: 'Ihr Konto darf ansehen und diese Verteilung nicht ändern.',
    ended: 'Sie ist beendet. Weiter geht es mit einer neuen Fassung.',
    ownApproval: 'Sie haben sie veröffentlicht: Jemand anders muss sie freigeben.',
    reason: 'Warum? Andere lesen es hier.',
    no: 'So lassen',
    noAnswer: 'Die Zentrale hat nicht geantwortet. Sehen Sie nach, ob es geschehen ist, bevor Sie es noch einmal tun.',
    sure: {
      approve: (revision) => `Fassung ${revision} freigeben?`,
      resume: (revision) => `Fassung ${revision} weitergehen lassen?`,
      pause: (revision) => `Fassung ${revision} anhalten?`,
      abort: (revision) => `Fassung ${revision} zurücknehmen?`,
    },
    explain: {
      approve: (ring) => `Filialen des ersten Rings, ${ring}, bekommen sie sofort.`,
      resume: 'Es geht dort weiter, wo es war.',
      pause:
        'Kein Ring beginnt, und keine weitere Filiale bekommt sie, bis jemand sie weitergehen lässt. Filialen, die sie haben, behalten sie.',
      abort: (having) =>
        having === 0
          ? 'Keine Filiale hat sie. Sie kann nie wieder veröffentlicht werden: Weiter geht es mit einer neuen Fassung.'
          : `${stores(having)}, ${plural(having, 'die sie hat, geht', 'die sie haben, gehen')} auf das zurück, was vorher galt. Sie kann nie wieder veröffentlicht werden: Weiter geht es mit einer neuen Fassung.`,
    },
    yes: { approve: 'Freigeben', resume: 'Weitergehen lassen', pause: 'Anhalten', abort: 'Zurücknehmen' },
  },

  revisions: {
    about: 'Was von ihr bekannt ist',
    unknown: (revision) => `Die Zentrale kennt keine Fassung ${revision}.`,
    expired: (ms) => `Abgelaufen am ${calendarDay(ms)}: Keine Filiale nimmt sie mehr an.`,
    until: (ms) => `Filialen nehmen sie an bis ${calendarDay(ms)}.`,
    names: (count) => (count === 0 ? 'Sie sagt allen Filialen dasselbe.' : `Sie nennt ${stores(count)}.`),
    issued: (ms, nowMs) => `Unterschrieben ${moment(ms, nowMs)} von:`,
    roles: { signer: 'hat sie unterschrieben', approver: 'hat sie freigegeben' },
    published: (by, ms, nowMs) => `Veröffentlicht von ${person(by)}, ${moment(ms, nowMs)}.`,
    withdrawn: (by, why, ms, nowMs) => `Zurückgenommen von ${person(by)}, ${moment(ms, nowMs)}: ${why}`,
    rollout: 'Ihre Verteilung',
    source: 'So wurde sie geschrieben',
    save: 'Datei speichern',
    cut: (shown, all) => `Dies sind die ersten ${number(shown)} von ${number(all)} Zeichen: Die Datei hat alle.`,
  },

  trust: {
    heading: 'Wessen Unterschrift zählt',
    none: 'Noch darf niemand eine Konfiguration unterschreiben. So beginnt es:',
    how: 'tillwire config key new --out anna.key --name "Anna"',
    roles: {
      root: 'Bestimmen, wer unterschreiben darf',
      signer: 'Unterschreiben, was sie geschrieben haben',
      approver: 'Geben frei, was andere unterschrieben haben',
    },
    threshold: (count) => `(${number(count)} davon ${plural(count, 'genügt', 'genügen')})`,
    until: (ms) => `Das gilt bis ${calendarDay(ms)}. Erneuern Sie es vorher.`,
    expired: (ms) => `Das endete am ${calendarDay(ms)}: Keine neue Fassung wird angenommen, bevor es erneuert ist.`,
  },

  store: {
    title: (store) => `Konfiguration der Filiale ${store}`,
    back: (store) => `Filiale ${store}`,
    has: (revision) => `Bei ihr ist Fassung ${revision} in Kraft`,
    hasNone: 'Bei ihr ist keine Konfiguration der Zentrale in Kraft: Ihre eigenen Einstellungen gelten',
    nothingMeant: 'Für sie wurde nichts veröffentlicht: Ihre eigenen Einstellungen gelten',
    untold: 'Sie hat noch nicht gesagt, welche Konfiguration bei ihr in Kraft ist',
    about: (revision, what) => `Fassung ${revision}: ${what}`,
    explained: STANDINGS_EXPLAINED,
    expired: 'Was bei ihr in Kraft ist, ist abgelaufen. Sie arbeitet damit weiter, bis eine neuere kommt.',
    since: (ms, nowMs) => `Seit ${moment(ms, nowMs)}.`,
    counted: (captured, setAside) =>
      `Seither ${plural(captured, 'kam', 'kamen')} ${counted(captured, 'Bon oder Beleg', 'Bons und Belege')} herein, ${number(setAside)} davon nicht einzuordnen.`,
    fact: 'Konfiguration',
    facts: (revision) => `Fassung ${revision}`,
    standings: STANDINGS,
    factNone: 'noch keine',
    heading: 'Was dort gilt, und woher es kommt',
    caption: 'Werte der Konfiguration und woher sie kommen',
    search: 'Suchen nach Feld, Wert oder Ebene',
    field: 'Feld',
    value: 'Wert',
    from: 'Von',
    layers: {
      chain: 'Alle Filialen',
      region: (name) => `Region ${name}`,
      ring: (name) => `Ring ${name}`,
      store: (name) => `Filiale ${name}`,
    },
    shown: (shown, all) =>
      shown === all ? counted(all, 'Feld', 'Felder') : `${number(shown)} von ${counted(all, 'Feld', 'Feldern')}`,
    nothing: 'Kein Feld ist für sie gesetzt.',
    notFound: 'Kein Feld ist so.',
    unknown: (store) => `Die Zentrale kennt keine Filiale ${store}.`,
  },
};
