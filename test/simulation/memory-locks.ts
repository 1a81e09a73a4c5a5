// Locks by name that are held until a transaction ends, in memory; a circle of waiting is given up.
import { GivenUp } from '../../central/ports.ts';

export type Holder = {
  /** Waits until nobody else holds it. Throws GivenUp where the other one waits for this one. */
  lock(name: string): Promise<void>;
  /** Throws an error where the lock is not held: a defect of the caller. */
  mustHold(name: string): void;
  release(): void;
};

type Owner = { waitsFor: Owner | null; ended: PromiseWithResolvers<void> };

export function openLocks(): { open(): Holder } {
  const owners = new Map<string, Owner>();
  return {
    open() {
      const me: Owner = { waitsFor: null, ended: Promise.withResolvers() };
      return {
        async lock(name) {
          for (let other = owners.get(name); other !== undefined && other !== me; other = owners.get(name)) {
            if (isBehind(other, me)) throw new GivenUp(`deadlock over ${name}`);
            me.waitsFor = other;
            await other.ended.promise;
            me.waitsFor = null;
          }
          owners.set(name, me);
        },
        mustHold(name) {
          if (owners.get(name) !== me) throw new Error(`${name} is not locked by this transaction`);
        },
        release() {
          for (const [name, owner] of owners) if (owner === me) owners.delete(name);
          me.ended.resolve();
        },
      };
    },
  };
}

function isBehind(first: Owner, me: Owner): boolean {
  for (let owner: Owner | null = first; owner !== null; owner = owner.waitsFor) if (owner === me) return true;
  return false;
}
