// What head office can ask of a store's computer, what becomes of it, and what a restart makes of one that was begun.

export const COMMAND_KINDS = [
  'resync',
  'replay',
  'redrive',
  'rotate-keys',
  'diagnostics',
  'pause',
  'resume',
  // Central asks for it itself, for a dry run of a configuration.
  'try',
] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

/**
 * What a store says of one. heard: it waits its turn there. declined: it cannot be done there, and why. unknown: the
 * program ended while it was carried out, and nobody can tell any more whether it was.
 */
export const TOLD_STATES = ['heard', 'begun', 'done', 'declined', 'failed', 'expired', 'unknown'] as const;
export type ToldState = (typeof TOLD_STATES)[number];

/** waiting: not said to the store yet. sent: said, and nothing was heard of it. */
export const COMMAND_STATES = ['waiting', 'sent', ...TOLD_STATES] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

export const isEnd = (state: CommandState): boolean => !['waiting', 'sent', 'heard', 'begun'].includes(state);

const RANK: Record<CommandState, number> = {
  ...{ waiting: 0, sent: 1, heard: 2, expired: 3, begun: 4 },
  ...{ done: 5, declined: 5, failed: 5, unknown: 5 },
};

/**
 * Reports come late, twice and out of order: nothing goes back, and the first end stays. Only where central took one for
 * expired, what the store had begun before is news.
 */
export const isNews = (before: CommandState, told: ToldState): boolean => RANK[told] > RANK[before];

/** Central begins nothing after `expiresMs`; what was begun before is carried out to its end. */
export const isExpired = (expiresMs: number, nowMs: number): boolean => nowMs >= expiresMs;

export const expirySentence = (state: CommandState): string =>
  state === 'waiting'
    ? 'The store was not in touch before it expired. It is not carried out any more.'
    : 'The store said nothing of it before it expired. It is not begun any more; where it had begun, the store says so.';

/** What a restart finds of one that was begun: carried out again, or judged by what there is now. */
export type Resumption = 'again' | 'done' | 'unknown';

/** What the computer is like now, beside what it was like when the command was begun. */
export type Circumstances = { paused: boolean; keyChanged: boolean };

/**
 * Those that come to the same however often they are carried out are carried out again. A pause that somebody at the
 * store lifted meanwhile must not be set again, nor the other way round, and keys are not changed twice.
 */
export function resumptionOf(kind: CommandKind, { paused, keyChanged }: Circumstances): Resumption {
  switch (kind) {
    case 'replay':
    case 'redrive':
    case 'diagnostics':
    case 'try':
      return 'again';
    // The start of the program began the conversation anew.
    case 'resync':
      return 'done';
    case 'pause':
      return paused ? 'done' : 'unknown';
    case 'resume':
      return paused ? 'unknown' : 'done';
    case 'rotate-keys':
      return keyChanged ? 'done' : 'unknown';
  }
}
