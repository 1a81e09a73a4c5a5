// What a state of the session has in common with all others.
import type { Carried, Session } from './session-words.ts';

/** Central answered the last thing we said. */
export const isAnswered = (session: Session | Carried): boolean => {
  if (!('at' in session)) return false;
  return session.at === 'streaming' ? session.misses === 0 : session.at === 'greeting' && session.checking;
};

/** Only what every state has: what belongs to the state that was left is left with it. */
export function carried(session: Carried): Carried {
  const { waitMs, rejects, turnedAway, reason, entriesMax, forks, beginning, gives, quiet, tries } = session;
  const { policy, rests } = session;
  return { waitMs, rejects, turnedAway, reason, entriesMax, forks, beginning, gives, quiet, tries, policy, rests };
}
