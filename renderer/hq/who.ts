// Who looks at the page: the operator of central's own computer, or somebody who signed in. The token stays in this tab.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { IssuedToken, WhoAmI } from '../../protocol/hq/accounts.ts';
import { askCentral, type Central } from './central.ts';

/** out: central wants to know who asks. over: it knew, and does not any more. absent: it does not answer. */
export type Standing = { at: 'asking' | 'out' | 'over' | 'absent' } | { at: 'in'; who: WhoAmI };

export type Session = {
  standing: ReadonlySignal<Standing>;
  central: Central;
  /** A sentence where it was declined. */
  signIn(name: string, password: string): Promise<string | null>;
  signOut(): void;
};

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
const STORED_AS = 'tillwire-session';
const AGAIN_MS = 3_000;

/** Lives as long as the page. */
export function openSession(kept: Kept): Session {
  const standing = signal<Standing>({ at: 'asking' });
  const central = askCentral(
    () => kept.getItem(STORED_AS),
    () => {
      kept.removeItem(STORED_AS);
      if (standing.peek().at === 'in') standing.value = { at: 'over' };
    },
  );

  async function begin(): Promise<void> {
    const who = await central.get<WhoAmI>('/whoami');
    if (who.ok) standing.value = { at: 'in', who: who.value };
    else if (who.status === 401) standing.value = { at: 'out' };
    else {
      standing.value = { at: 'absent' };
      setTimeout(() => void begin(), AGAIN_MS);
    }
  }

  void begin();
  return {
    standing,
    central,
    async signIn(name, password) {
      kept.removeItem(STORED_AS);
      const issued = await central.post<IssuedToken>('/sessions', { name, password });
      if (!issued.ok) return issued.message;
      kept.setItem(STORED_AS, issued.value.token);
      await begin();
      return null;
    },
    signOut() {
      kept.removeItem(STORED_AS);
      standing.value = { at: 'out' };
    },
  };
}
