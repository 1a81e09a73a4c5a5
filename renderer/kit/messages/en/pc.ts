// English: the room of this PC.
import type { WipeReason } from '../../../../protocol/local/rooms/pc.ts';
import type { ConfigurationState } from '../../../../protocol/wire/config-frames.ts';
import { duration, moment } from '../../format.ts';
import { counted, plural } from './counted.ts';
import { roomFor } from './now.ts';

const REASONS: Record<WipeReason['code'], (count: number) => string> = {
  waiting: (count) =>
    `${counted(count, 'document is', 'documents are')} not confirmed by head office yet. Wait until all is sent.`,
  'set-aside': (count) =>
    `${counted(count, 'document', 'documents')} could not be placed. Let somebody look at ${plural(count, 'it', 'them')}.`,
  drafts: (count) =>
    `${counted(count, 'count or delivery was', 'counts or deliveries were')} begun and not handed in. Finish or drop ${plural(count, 'it', 'them')}.`,
  files: (count) =>
    `${counted(count, 'file', 'files')} in the drop folder ${plural(count, 'was', 'were')} not taken in.`,
  trial: () => 'Head office is only a demonstration here: it may forget what it has confirmed.',
  'no-word': () => 'The signed word of head office is not kept here. Let this PC connect once more.',
};

/** Behind their number. */
const SETTINGS: Record<Exclude<ConfigurationState, 'good' | 'trial'>, string> = {
  none: 'not taken yet',
  waiting: 'taken in, their time has not come',
  refused: 'not taken, everything goes on as before',
  'put-back': 'did not work here and were taken back',
  withdrawn: 'taken back by head office',
};

export const pc = {
  loading: 'Asking the Tillwire program on this PC…',
  failed: 'That did not work. Please try again.',

  sending: {
    heading: 'Sending',
    on: 'Sales are sent to head office by themselves.',
    pausedBy: (who: string, since: string) => `Paused by ${who} since ${since}.`,
    why: (reason: string) => `Why: ${reason}`,
    goesOn: 'Tills go on, and everything is safe on this PC until sending goes on.',
    pause: 'Pause sending…',
    resume: 'Let sending go on',
    explain:
      'Only if IT asks you to. Tills go on and every sale is kept here, but head office sees nothing until somebody ' +
      'lets sending go on. A restart does not change it.',
    reason: 'Why?',
    by: 'Your name',
    now: 'Pause now',
    cancel: 'Leave it',
    missing: 'Write why, and your name.',
    paused: 'Sending is paused.',
    resumed: 'Sending goes on.',
  },

  wipe: {
    heading: 'May this PC be wiped or replaced?',
    yes: 'Yes. Head office has everything that was ever taken in here.',
    no: 'No, not yet.',
    reasons: REASONS,
    save: 'Save the certificate',
    hint: 'A file, signed by this PC and by head office, that proves it. Keep it elsewhere before you wipe this PC.',
    saved: (name: string) => `Saved as ${name}.`,
  },

  help: {
    heading: 'For whoever helps you',
    hint: 'One file with what IT needs to find a fault: states, versions, counts. No sales, no names, no keys.',
    save: 'Save the file for IT',
    saving: 'Putting it together…',
    saved: (name: string) => `Saved as ${name}.`,
    call: (name: string, phone: string) => `${name}: ${phone}`,
    nobody: 'Nobody is set whom you could call: ask head office to set it.',
  },

  about: {
    heading: 'Program',
    store: 'Store',
    version: 'Tillwire',
    records: 'Shape of the records',
    node: 'Node',
    system: 'System',
    account: 'Runs as',
    started: 'Running since',
    settings: 'Settings',
    noSettings: 'None set',
    settingsOf: (digest: string, since: string) => `${digest}, since ${since}`,
    at: moment,
  },

  place: {
    heading: 'At head office',
    standing: 'This PC',
    standings: {
      joining: () => 'Not taken in yet: it asks by itself',
      active: () => 'Speaks for the store',
      declined: (since: string | null) => (since === null ? 'Not taken' : `Not taken since ${since}`),
    },
    device: 'Its number there',
    ends: 'Its certificate lasts until',
  },

  set: {
    heading: 'Settings from head office',
    inForce: 'In force',
    none: 'None: the settings of this PC hold',
    revision: (revision: number, since: string) => `Revision ${revision}, since ${since}`,
    standing: 'How they do',
    newest: 'Newest that came',
    newer: (revision: number, what: string) => `Revision ${revision}: ${what}`,
    standings: SETTINGS,
    good: 'They have proven well',
    trial: 'On trial: this PC goes back by itself if something does not work',
    expired: 'Out of date, and still in force. Please tell IT.',
  },

  kept: {
    heading: 'Where sales are kept',
    folder: 'Folder',
    copy: 'Second copy',
    healthy: 'Every sale is there too',
    broken: (since: string | null) => (since === null ? 'Not being written' : `Not being written since ${since}`),
    sameDisk: 'It is on the same disk: a broken disk takes both. Another disk is better.',
    size: 'Taken by both',
    free: 'Free on the disk',
    room: (free: string, days: number) => `${free}, room for ${roomFor(days)}`,
  },

  clock: {
    heading: 'Clock',
    time: 'Time on this PC',
    zone: 'Time zone',
    compared: 'Beside head office',
    never: 'Not compared yet',
    right: (at: string) => `Right, compared at ${at}`,
    off: (ms: number, ahead: boolean, at: string) => `${duration(ms)} ${ahead ? 'ahead' : 'behind'}, compared at ${at}`,
    jump: 'Last jump',
    jumped: (ms: number, ahead: boolean, at: string) =>
      ahead ? `${duration(ms)} ahead at ${at} (also after sleep)` : `${duration(ms)} back at ${at}`,
  },

  door: {
    heading: 'Tills on other PCs',
    closed: 'They are not let in.',
    fingerprint: 'Fingerprint of the certificate (SHA-256)',
    ends: 'It lasts until',
    renewed: (date: string) => `${date}; it is renewed by itself`,
  },
};
