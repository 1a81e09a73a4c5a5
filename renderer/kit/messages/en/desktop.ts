// English: what the desktop program says outside its window, and in it while the background part is not there.
import { counted } from './counted.ts';

export const desktop = {
  open: 'Open Tillwire',
  quit: 'Quit Tillwire',
  tooltip: (sentence: string, store: string | null) =>
    store === null ? `Tillwire: ${sentence}` : `Tillwire: ${sentence} (${store})`,
  quitting: {
    message: 'Quit Tillwire?',
    detail:
      'Tillwire takes in the sales of the tills on this PC. While it is off, tills cannot hand over their sales. ' +
      'What was taken in so far is safe and is sent when Tillwire runs again.',
    /** Pressed by Enter and by Escape, and the other one. */
    buttons: ['Keep running', 'Quit'],
  },
  startFailed: 'Tillwire was not started',
  plainKey: (folder: string) =>
    `This PC has no safe place for the key of the store: it is kept in ${folder}, in a file that only this user may read.`,
  /** A few words each, for the tray. */
  short: {
    starting: 'Starting…',
    restarting: 'Starting again…',
    'keeps-stopping': 'Tillwire keeps stopping',
    'service-silent': 'Tillwire on this PC does not answer',
    'not-allowed': 'This user may not look',
    'not-set-up': 'Not set up yet',
    'folder-in-use': 'Tillwire is already running elsewhere',
  },
  restarting: 'Tillwire on this PC stopped and is being started again. Sales already taken in are safe.',
  loop: (times: number) =>
    `Tillwire on this PC stopped ${counted(times, 'time', 'times')} in a few minutes and does not stay up. ` +
    'Tills cannot hand over their sales to it; sales already taken in are safe.',
  lastWords: (message: string) => `It said: ${message}`,
  loopTodo: (file: string) =>
    `Restart this PC. If that does not help, call the person who looks after it: the reason is written in ${file}.`,
  waits: {
    'service-silent':
      'Tillwire runs on this PC for all users, but it does not answer. This window tries again by itself. ' +
      'If this stays for a minute, restart this PC or call the person who looks after it.',
    'not-allowed':
      'Tillwire runs on this PC, but this user may not look at it. ' +
      'Ask the person who looks after this PC to let this user in, then sign in again.',
    'not-set-up':
      'Tillwire on this PC has not been told which store it works for. ' +
      'Ask the person who looks after this PC to set it up.',
    'folder-in-use':
      'Another Tillwire program on this PC has the data of this store open and does not answer yet. ' +
      'This window tries again by itself. If this stays for a minute, restart this PC.',
  },
  asked: 'Tillwire needs you',
  askedBody: (count: number) =>
    count === 1
      ? 'One question waits for an answer of this store.'
      : `${count} questions wait for answers of this store.`,
  announced: {
    held: {
      title: 'Sending stopped',
      body: 'Keep selling: everything is kept on this PC. Call the person who looks after it.',
    },
    'disk-nearly-full': {
      title: 'The disk of this PC is nearly full',
      body: 'When it is full, sales can no longer be taken in. Make room, or call the person who looks after this PC.',
    },
    'one-copy-only': {
      title: 'Sales are kept only once',
      body: 'The second copy on this PC cannot be written. Call the person who looks after it.',
    },
  },
};
